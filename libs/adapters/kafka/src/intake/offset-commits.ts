// Offsets that may be committed, of all partitions in one request now and then: what is durable is
// read again at most, when a member dies in between, and then repeats.
import type { KafkaLog } from '../connection';
import type { NextOffset } from '../dead-letters/partition-letters';

export interface OffsetCommitsOptions {
  readonly commit: (offsets: NextOffset[]) => Promise<void>;
  readonly intervalMs: number;
  readonly log: KafkaLog;
}

export class OffsetCommits {
  private due = new Map<string, NextOffset>();
  private timer: NodeJS.Timeout | undefined;
  private last = Promise.resolve();
  /** Counts how often the partitions were assigned anew. */
  private assignment = 0;

  constructor(private readonly options: OffsetCommitsOptions) {}

  /** Has it committed before long. */
  add(next: NextOffset): void {
    this.due.set(`${next.topic}/${next.partition}`, next);
    this.timer ??= setTimeout(() => void this.flush(), this.options.intervalMs);
  }

  /** Forgets what is not committed: the partitions are assigned anew. */
  clear(): void {
    this.assignment += 1;
    this.due.clear();
    this.stopTimer();
  }

  /** Resolves once everything so far was committed, or could not be and waits again. */
  flush(): Promise<void> {
    this.stopTimer();
    this.last = this.last.then(() => this.commitDue());
    return this.last;
  }

  private async commitDue(): Promise<void> {
    const { due, assignment } = this;
    if (due.size === 0) return;
    this.due = new Map();
    try {
      await this.options.commit([...due.values()]);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.options.log('warn', 'offsets could not be committed', { detail });
      if (assignment === this.assignment) this.addAgain(due);
    }
  }

  private addAgain(due: ReadonlyMap<string, NextOffset>): void {
    for (const [place, next] of due) if (!this.due.has(place)) this.add(next);
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
