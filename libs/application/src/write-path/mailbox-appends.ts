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

  /** Appends; while the outcome is unknown the same append is repeated, for a bounded time. */
  async append(append: StreamAppend, byteCount: number): Promise<AppendOutcome> {
    const { commitQueue, limits, elapsedMs, pause } = this.parts;
    let outcome = await commitQueue.append(this.tenant, append, byteCount);
    if (outcome.kind !== 'unknown') return outcome;
    const deadline = elapsedMs() + limits.unknownRetryMs;
    while (outcome.kind === 'unknown' && elapsedMs() < deadline) {
      await pause(limits.unknownRetryDelayMs);
      outcome = await commitQueue.append(this.tenant, append, byteCount);
    }
    this.inDoubt = outcome.kind === 'unknown' ? { append, byteCount } : undefined;
    return outcome;
  }

  /** Repeats the append in doubt; false when it still is. */
  async settleDoubt(): Promise<boolean> {
    if (!this.inDoubt) return true;
    const { append, byteCount } = this.inDoubt;
    const outcome = await this.append(append, byteCount);
    if (outcome.kind === 'unknown') return false;
    this.inDoubt = undefined;
    return true;
  }
}
