// The commands of one customer that wait to be decided, in the order of their arrival.
import type { PendingCommand } from './round';

export interface BatchBounds {
  readonly batchCountMax: number;
  readonly batchBytesMax: number;
}

export class WaitingCommands {
  private readonly waiting: PendingCommand[] = [];

  constructor(private readonly bounds: BatchBounds) {}

  get length(): number {
    return this.waiting.length;
  }

  add(pending: PendingCommand): void {
    this.waiting.push(pending);
  }

  /** Takes the first ones, as many as fit beside `taken`; at least one when that is empty. */
  take(taken: readonly PendingCommand[] = []): PendingCommand[] {
    if (taken.length === 0 && this.waiting.length === 1) return this.takeOnly();
    const { batchCountMax, batchBytesMax } = this.bounds;
    let count = taken.length;
    let byteCount = taken.reduce((sum, pending) => sum + pending.byteCount, 0);
    for (const pending of this.waiting) {
      byteCount += pending.byteCount;
      if (count > 0 && (count >= batchCountMax || byteCount > batchBytesMax)) break;
      count += 1;
    }
    return this.waiting.splice(0, count - taken.length);
  }

  /**
   * Out of the array, which is not handed over itself: one that waited long is in V8's old space,
   * and what is put into it lives on there after its answer, until that space is collected.
   */
  private takeOnly(): PendingCommand[] {
    const only = this.waiting.pop();
    return only ? [only] : [];
  }
}
