// All appends of all customers on their way to the event store: gathered into few calls (a
// call of the embedded store is one transaction and one fsync) and taken from the tenants
// in turn, so that one that floods cannot make the others wait for more than one call.
import type { AppendOutcome, EventStore, Position, StreamAppend } from '../ports/event-store.port';

interface WaitingAppend {
  readonly append: StreamAppend;
  readonly byteCount: number;
  readonly settle: (outcome: AppendOutcome) => void;
}

/** First in, first out, without moving the rest at every take. */
class Line {
  private items: WaitingAppend[] = [];
  private taken = 0;

  get length(): number {
    return this.items.length - this.taken;
  }
  add(item: WaitingAppend): void {
    this.items.push(item);
  }
  peek(): WaitingAppend | undefined {
    return this.items[this.taken];
  }
  take(): void {
    this.taken += 1;
    if (this.taken === this.items.length) {
      this.items = [];
      this.taken = 0;
    }
  }
}

export class CommitQueue {
  private readonly lines = new Map<string, Line>();
  private waitingCount = 0;
  private callsInFlight = 0;
  private flushScheduled = false;
  private newest: Position;

  constructor(
    private readonly store: Pick<EventStore, 'append' | 'appendConcurrency'>,
    head: Position,
  ) {
    this.newest = head;
  }

  /** Greatest position that this process saw appended. */
  get newestPosition(): Position {
    return this.newest;
  }

  get length(): number {
    return this.waitingCount;
  }

  /** Resolves with the outcome of this append; never rejects. Admission bounds how many wait. */
  append(tenant: string, append: StreamAppend, byteCount: number): Promise<AppendOutcome> {
    return new Promise((settle) => {
      let line = this.lines.get(tenant);
      if (!line) {
        line = new Line();
        this.lines.set(tenant, line);
      }
      line.add({ append, byteCount, settle });
      this.waitingCount += 1;
      this.schedule();
    });
  }

  /** Once per turn of the event loop, so that everything parsed in one turn shares a call. */
  private schedule(): void {
    if (this.flushScheduled) return;
    if (this.callsInFlight >= this.store.appendConcurrency.callsInFlightMax) return;
    this.flushScheduled = true;
    setImmediate(() => {
      this.flushScheduled = false;
      this.flush();
    });
  }

  private flush(): void {
    const { callsInFlightMax } = this.store.appendConcurrency;
    while (this.waitingCount > 0 && this.callsInFlight < callsInFlightMax) {
      void this.call(this.takeBatch());
    }
  }

  private async call(batch: readonly WaitingAppend[]): Promise<void> {
    this.callsInFlight += 1;
    const outcomes = await this.appendAll(batch);
    this.callsInFlight -= 1;
    // Settled before the next call: what the mailboxes decide in answer to it joins that call.
    batch.forEach((waiting, i) => {
      const outcome = outcomes[i] ?? { kind: 'unknown', reason: 'the store gave no outcome' };
      if (outcome.kind === 'appended' && outcome.position > this.newest) {
        this.newest = outcome.position;
      }
      waiting.settle(outcome);
    });
    if (this.waitingCount > 0) this.schedule();
  }

  private async appendAll(batch: readonly WaitingAppend[]): Promise<readonly AppendOutcome[]> {
    try {
      return await this.store.append(batch.map((waiting) => waiting.append));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return batch.map(() => ({ kind: 'unknown', reason }));
    }
  }

  /** One append of each tenant in turn, until the call is full. */
  private takeBatch(): readonly WaitingAppend[] {
    const { appendsPerCallMax, bytesPerCallMax } = this.store.appendConcurrency;
    const batch: WaitingAppend[] = [];
    let byteCount = 0;
    while (this.waitingCount > 0) {
      for (const [tenant, line] of this.lines) {
        const next = line.peek();
        if (!next) {
          this.lines.delete(tenant);
          continue;
        }
        const overfull = batch.length > 0 && byteCount + next.byteCount > bytesPerCallMax;
        if (overfull || batch.length >= appendsPerCallMax) {
          this.moveToBack(tenant, line);
          return batch;
        }
        line.take();
        this.waitingCount -= 1;
        batch.push(next);
        byteCount += next.byteCount;
      }
    }
    return batch;
  }

  /**
   * Whoever was served last goes to the back, so that full
   * calls do not always favour the same tenant.
   */
  private moveToBack(next: string, line: Line): void {
    for (const [tenant, other] of [...this.lines]) {
      if (tenant === next) return;
      this.lines.delete(tenant);
      if (other.length > 0) this.lines.set(tenant, other);
    }
    this.lines.set(next, line);
  }
}
