// Runs a command line to its exit code: 0 done, 1 refused or failed (one line says why), 2 wrong
// usage, or one of the command's own.
import { PacSpaceError } from '@deltabook/sdk';
import { CommanderError, type Command } from 'commander';
import type { CliContext } from './cli-context';
import { CommandExit } from './command-exit';
import { buildProgram } from './program';
import { UsageError } from './usage-error';

export const EXIT_DONE = 0;
export const EXIT_REFUSED = 1;
export const EXIT_USAGE = 2;

/** `args` are those after the program's name. Never rejects. */
export async function runProgram(context: CliContext, args: readonly string[]): Promise<number> {
  const program = buildProgram(context);
  tame(program, context);
  try {
    await program.parseAsync(args, { from: 'user' });
    return EXIT_DONE;
  } catch (error) {
    // Commander has written its own message by then; help asked for is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_DONE : EXIT_USAGE;
    if (error instanceof CommandExit) return error.exitCode;
    context.terminal.note(`error: ${messageOf(error)}`);
    return error instanceof UsageError ? EXIT_USAGE : EXIT_REFUSED;
  }
}

/** A service's refusal is named by its code too, which its documentation explains. */
function messageOf(error: unknown): string {
  if (error instanceof PacSpaceError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

/** Commander ends the process and writes by itself unless each command is told not to. */
function tame(command: Command, context: CliContext): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => context.terminal.result(text.trimEnd()),
    writeErr: (text) => context.terminal.note(text.trimEnd()),
  });
  for (const child of command.commands) tame(child, context);
}
