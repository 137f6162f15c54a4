// Runs an operator's command where the installation is: in this process when nothing else holds its
// DATA_DIR, else in the service that does.
import { DataDirHeldError } from '@deltabook/adapters/embedded';
import {
  callOperatorDoor,
  OperatorDoorClosedError,
  OperatorRefusal,
  runHandler,
  type OperatorArgs,
} from '@deltabook/adapters/operator';
import type { Json } from '@deltabook/integrity';
import { setTimeout as delay } from 'node:timers/promises';
import { NO_INSTALLATION, openLocalInstallation, type LocalOptions } from './local-installation';

/**
 * A service that starts or ends, or another command, holds DATA_DIR without answering for a while.
 */
const HELD_WAIT_MS_MAX = 10_000;
const HELD_RETRY_MS = 100;

export interface OperatorCommand extends LocalOptions {
  readonly command: string;
  readonly args: OperatorArgs;
  readonly onProgress?: (progress: Json) => void;
}

/** The command's result. Throws OperatorRefusal, and whatever keeps the store from opening. */
export async function runOperatorCommand(operation: OperatorCommand): Promise<Json> {
  const started = performance.now();
  for (;;) {
    const here = await runHere(operation).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    if ('result' in here) return here.result;
    if (!isElsewhere(here.error)) throw here.error;
    try {
      return await runThere(operation);
    } catch (error) {
      if (!(error instanceof OperatorDoorClosedError)) throw error;
    }
    if (here.error instanceof OperatorRefusal) throw here.error;
    if (performance.now() - started > HELD_WAIT_MS_MAX) throw heldSilently(operation.dataDir);
    await delay(HELD_RETRY_MS);
  }
}

/** Held by a service; one whose events are on a server has no log in the folder. */
function isElsewhere(error: unknown): boolean {
  if (error instanceof OperatorRefusal) return error.code === NO_INSTALLATION;
  return error instanceof DataDirHeldError;
}

function runThere(operation: OperatorCommand): Promise<Json> {
  const { dataDir, command, args, onProgress = () => undefined } = operation;
  return callOperatorDoor({ dataDir, command, args, onProgress });
}

async function runHere(operation: OperatorCommand): Promise<Json> {
  const { command, args, onProgress = () => undefined } = operation;
  const installation = await openLocalInstallation(operation);
  const { signal } = new AbortController();
  try {
    return await runHandler(installation.handlers, command, args, { signal, onProgress });
  } finally {
    await installation.close();
  }
}

function heldSilently(dataDir: string): OperatorRefusal {
  const message = `DATA_DIR ${dataDir} is used by a process that does not answer operators`;
  return new OperatorRefusal('DATA_DIR_HELD', `${message}; try again, or stop it first`);
}
