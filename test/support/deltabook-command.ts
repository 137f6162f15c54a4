// The built command line as its own process, against a running service.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { API_KEY, type ServiceProcess } from './service-process';

const CLI = join(process.cwd(), 'dist/apps/cli/src/main.js');

export interface CommandEnded {
  readonly exitCode: number | null;
  readonly output: string;
  readonly notes: string;
}

export interface RunningCommand {
  readonly process: ChildProcess;
  readonly ended: Promise<CommandEnded>;
}

/** Starts `deltabook` with the service's address and key in its environment. */
export function startDeltabook(
  service: ServiceProcess,
  args: readonly string[],
  apiKey = API_KEY,
): RunningCommand {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { DELTABOOK_API_KEY: apiKey, DELTABOOK_URL: service.baseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ended = Promise.all([exited, text(child.stdout), text(child.stderr)]).then(
    ([exitCode, output, notes]) => ({ exitCode, output, notes }),
  );
  return { process: child, ended };
}
