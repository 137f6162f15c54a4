// One append outside the write path of deltas: of the few streams that tenants and the installation
// have.
import type { AppendOutcome, EventStore, StreamAppend } from '../ports/event-store.port';

export interface AppendRetry {
  /** Times the same append is sent again while its outcome is unknown. */
  readonly unknownRetriesMax: number;
  readonly unknownRetryDelayMs: number;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** What became of the append, sent again while that is unknown. */
export async function appendOne(
  store: Pick<EventStore, 'append'>,
  append: StreamAppend,
  retry: AppendRetry,
): Promise<AppendOutcome> {
  for (let retries = 0; ; retries += 1) {
    const [outcome] = await store.append([append]);
    if (!outcome) throw new Error('the event store answered an append with no outcome');
    if (outcome.kind !== 'unknown' || retries >= retry.unknownRetriesMax) return outcome;
    await retry.pause(retry.unknownRetryDelayMs);
  }
}
