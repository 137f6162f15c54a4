// A server as a process of its own: started, measured, stopped.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cpuSecondsOf, memoryMibOf } from '../process-usage';

const START_MS_MAX = 600_000;
/** Flags of `npm start`; every server here gets them. */
export const NODE_FLAGS = ['--max-semi-space-size=64', '--use-largepages=silent'] as const;
const LINES_KEPT = 50;
/** Every server here says the port that it listens on, as the service's log does. */
const LISTENING = /"port":(\d+).*"msg":"listening"|"msg":"listening".*"port":(\d+)/;

export class ServerProcess {
  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    readonly port: number,
    /** From the start of the process until it listened. */
    readonly startSeconds: number,
  ) {}

  /** Resolves once it listens; rejects with its last lines when it ends before. */
  static async start(
    name: string,
    entry: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<ServerProcess> {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [...NODE_FLAGS, entry], {
      env: { NODE_ENV: 'production', PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    const port = await new Promise<number>((resolve, reject) => {
      const fail = (why: string): void => {
        clearTimeout(timer);
        reject(new Error(`${name} ${why}:\n${lines.join('\n')}`));
      };
      const timer = setTimeout(() => fail('did not listen in time'), START_MS_MAX);
      child.once('exit', (code) => fail(`ended with ${code}`));
      for (const input of [child.stdout, child.stderr]) {
        createInterface({ input }).on('line', (line) => {
          if (lines.push(line) > LINES_KEPT) lines.shift();
          const match = LISTENING.exec(line);
          if (!match) return;
          clearTimeout(timer);
          resolve(Number(match[1] ?? match[2]));
        });
      }
    });
    process.once('exit', () => child.kill('SIGKILL'));
    return new ServerProcess(name, child, port, (performance.now() - startedAt) / 1_000);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  cpuSeconds(): number {
    return cpuSecondsOf(this.child.pid ?? 0);
  }

  memoryMib(): number {
    return memoryMibOf(this.child.pid ?? 0);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}
