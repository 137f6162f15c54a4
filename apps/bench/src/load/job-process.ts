// A process of its own that takes jobs, one at a time, so that its CPU time is told apart.
import { fork, type ChildProcess, type Serializable } from 'node:child_process';
import { once } from 'node:events';

export class JobProcess<Job extends Serializable, Result> {
  private readonly child: ChildProcess;

  /** `entry` answers every message with one. */
  constructor(
    private readonly name: string,
    entry: string,
  ) {
    this.child = fork(entry, { serialization: 'advanced', execArgv: [] });
  }

  /** Rejects when the process ended, which it does on an answer it cannot read. */
  async run(job: Job): Promise<Result> {
    const abort = new AbortController();
    const { signal } = abort;
    const ended = once(this.child, 'exit', { signal }).then(() => {
      throw new Error(`${this.name} ended, see its error above`);
    });
    const result = once(this.child, 'message', { signal });
    try {
      this.child.send(job);
      const [message] = (await Promise.race([result, ended])) as [Result];
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
