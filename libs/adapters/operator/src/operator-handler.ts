// What an operator's command is to those who carry it: a name, JSON in, progress, JSON out. The
// same handler serves the door of a running service and a command line that opened the store
// itself.
import type { Json } from '@deltabook/integrity';

export type OperatorArgs = { readonly [name: string]: Json };

/**
 * Does one command. A generator yields progress and returns the result. Stops early when the signal
 * aborts: the operator is gone, or the service is about to end.
 */
export type OperatorHandler = (
  args: OperatorArgs,
  signal: AbortSignal,
) => Promise<Json> | AsyncGenerator<Json, Json, void>;

/** Handlers by the name of their command, such as `keys.create`. */
export type OperatorHandlers = Readonly<Record<string, OperatorHandler>>;

/** The command was not done; the message is the one line to show, `code` is for programs. */
export class OperatorRefusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Runs a handler to its result. Throws OperatorRefusal when there is none of that name. */
export async function runHandler(
  handlers: OperatorHandlers,
  command: string,
  args: OperatorArgs,
  call: {
    readonly signal: AbortSignal;
    readonly onProgress: (progress: Json) => Promise<void> | void;
  },
): Promise<Json> {
  const handler = Object.hasOwn(handlers, command) ? handlers[command] : undefined;
  if (!handler) {
    const advice = 'use the command line of the version that runs';
    throw new OperatorRefusal('UNKNOWN_COMMAND', `command ${command} is not known; ${advice}`);
  }
  const running = handler(args, call.signal);
  if (running instanceof Promise) return running;
  try {
    let step = await running.next();
    while (step.done !== true) {
      await call.onProgress(step.value);
      step = await running.next();
    }
    return step.value;
  } catch (error) {
    // Lets the generator clean up when it was the progress that could not be told.
    await running.return(null);
    throw error;
  }
}
