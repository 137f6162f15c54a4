// The built service as its own process, for tests that start, kill and restart it as a user would.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The key every started service knows: scopes read, write, operate; tenant default, sandbox. */
export const API_KEY = 'pk_test_journeys.0123456789abcdef0123456789abcdef';
const START_MS_MAX = 60_000;
const SERVICE = join(process.cwd(), 'dist/apps/service/src/main.js');

const madeDirs: string[] = [];

function removeMadeDirs(): void {
  for (const dir of madeDirs) rmSync(dir, { recursive: true, force: true });
}

/** A folder that is removed at the end of the test run. */
export function aDataDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'deltabook-'));
  if (madeDirs.length === 0) process.on('exit', removeMadeDirs);
  madeDirs.push(dir);
  return dir;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly success: boolean; readonly data: never; readonly error: never };
}

/** A running service. */
export interface ServiceProcess {
  readonly baseUrl: string;
  readonly process: ChildProcess;
  /** Everything it has written to stdout and stderr so far. */
  output(): string;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Sends the signal and resolves with the exit code once the process is gone. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts the service and resolves once it listens; rejects with its output when it ends before. */
export function startService(
  dataDir: string,
  environment: Record<string, string> = {},
  entry = SERVICE,
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [entry], {
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      DATA_DIR: dataDir,
      DELTABOOK_API_KEY: API_KEY,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the service did not listen in time:\n${lines.join('\n')}`));
    }, START_MS_MAX);
    const onLine = (line: string): void => {
      lines.push(line);
      const port = /"port":(\d+)/.exec(line)?.[1];
      if (!line.includes('"msg":"listening"') || port === undefined) return;
      clearTimeout(timer);
      resolve(running(child, `http://127.0.0.1:${port}`, lines));
    };
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', onLine);
    }
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the service ended with ${code}:\n${lines.join('\n')}`));
    });
  });
}

function running(child: ChildProcess, baseUrl: string, lines: readonly string[]): ServiceProcess {
  const request = async (path: string, init: RequestInit): Promise<Reply> => {
    const headers = { 'X-Api-Key': API_KEY, ...(init.headers as Record<string, string>) };
    const response = await fetch(`${baseUrl}${path}`, { ...init, headers });
    const body = (await response.json()) as Reply['body'];
    return { status: response.status, headers: response.headers, body };
  };
  return {
    baseUrl,
    process: child,
    output: () => lines.join('\n'),
    get: (path, headers = {}) => request(path, { headers }),
    post: (path, body, headers = {}) =>
      request(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    stop: (signal) =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode);
        child.once('exit', (code) => resolve(code));
        child.kill(signal);
      }),
  };
}

/** Customer of the deltas that endOfLog() writes. */
export const MARKER = 'marker';

/** Position that a read must reach to see everything written before: that of one more write. */
export async function endOfLog(service: ServiceProcess): Promise<string> {
  const marker = { customerId: MARKER, delta: 1, reason: 'the end of the log' };
  const written = await service.post('/api/v1/balance/delta', marker);
  return (written.body.data as { position: string }).position;
}
