// Starts the load generator's process and hands it jobs, one at a time.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LoadJob, LoadResult } from './load-job';

export const GENERATOR_NAME = 'deltabook-load (raw sockets, one Node process)';

export class LoadGenerator {
  private readonly child: ChildProcess;

  constructor() {
    const entry = join(__dirname, 'generator.process.js');
    this.child = fork(entry, { serialization: 'advanced', execArgv: [] });
  }

  /** Rejects when the generator ended, which it does on an answer it cannot read. */
  async run(job: LoadJob): Promise<LoadResult> {
    const abort = new AbortController();
    const { signal } = abort;
    const ended = once(this.child, 'exit', { signal }).then(() => {
      throw new Error('the load generator ended, see its error above');
    });
    const result = once(this.child, 'message', { signal });
    try {
      this.child.send(job);
      const [message] = (await Promise.race([result, ended])) as [LoadResult];
      return message;
    } finally {
      ended.catch(() => undefined);
      result.catch(() => undefined);
      abort.abort();
    }
  }

  close(): void {
    this.child.kill();
  }
}
