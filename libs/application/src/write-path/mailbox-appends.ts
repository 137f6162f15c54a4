// The appends of one mailbox, each brought to a known outcome where that can be had in time: an
// append in doubt is repeated, unchanged, before anything else of that customer.
import type { AppendOutcome, StreamAppend } from '../ports/event-store.port';
import type { CommitQueue } from './commit-queue';

export interface MailboxAppendsParts {
  readonly commitQueue: Pick<CommitQueue, 'append'>;
  readonly limits: {
    /** How long an append of unknown outcome is repeated before its commands get 503. */
    readonly unknownRetryMs: number;
    readonly unknownRetryDelayMs: number;
  };
  /** Milliseconds of a monotonic clock. */
  readonly elapsedMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

export class MailboxAppends {
  private inDoubt: { readonly append: StreamAppend; readonly byteCount: number } | undefined;

  constructor(
    private readonly tenant: string,
    private readonly parts: MailboxAppendsParts,
  ) {}

  /** True while the outcome of an append is not known. */
  get isInDoubt(): boolean {
    return this.inDoubt !== undefined;
  }

  /** Appends; `insist` makes known what may be unknown about it. */
  append(append: StreamAppend, byteCount: number): Promise<AppendOutcome> {
    return this.parts.commitQueue.append(this.tenant, append, byteCount);
  }

  /** Repeats the same append while its outcome is unknown, for a bounded time. */
  async insist(
    first: AppendOutcome,
    append: StreamAppend,
    byteCount: number,
  ): Promise<AppendOutcome> {
    const { limits, elapsedMs, pause } = this.parts;
    const deadline = elapsedMs() + limits.unknownRetryMs;
    let outcome = first;
    while (outcome.kind === 'unknown' && elapsedMs() < deadline) {
      await pause(limits.unknownRetryDelayMs);
      outcome = await this.append(append, byteCount);
    }
    this.inDoubt = outcome.kind === 'unknown' ? { append, byteCount } : undefined;
    return outcome;
  }

  /** Repeats the append in doubt; false when it still is. */
  async settleDoubt(): Promise<boolean> {
    if (!this.inDoubt) return true;
    const { append, byteCount } = this.inDoubt;
    const first = await this.append(append, byteCount);
    const outcome = await this.insist(first, append, byteCount);
    return outcome.kind !== 'unknown';
  }
}
