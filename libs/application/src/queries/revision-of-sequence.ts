// Where a customer's n-th delta lies in its stream. Other events lie between the deltas (the first,
// later checkpoints), so it is searched for: O(log n) reads, none where there is no choice.
import { DELTA_EMITTED, parseCustomerEvent, type DeltaEmitted } from '@deltabook/domain';
import { STREAM_PAGE_MAX, type EventStore } from '../ports/event-store.port';

/** Events looked at first where a delta is expected; doubled while there is none. */
const PROBE_COUNT = 4;

/** A revision of the stream and the sequence of the last delta at or before it. */
export interface StreamPlace {
  readonly revision: number;
  readonly sequence: number;
}

/**
 * Revision of the delta with `sequence` in 1 … `end.sequence`, in a stream whose deltas are
 * numbered one by one. Throws when the search shows that they are not.
 */
export async function revisionOfSequence(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  sequence: number,
  end: StreamPlace,
): Promise<number> {
  // The opening and sequence - 1 deltas come before, end.sequence - sequence deltas after it.
  let low = sequence;
  let high = end.revision - (end.sequence - sequence);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const delta = await firstDelta(store, stream, { low: middle, high });
    if (delta?.sequence === sequence) return delta.revision;
    if (delta && delta.sequence < sequence) low = delta.revision + (sequence - delta.sequence);
    else high = middle - 1;
  }
  if (low === high) return low;
  throw new Error(
    `stream ${stream} has no delta ${sequence}: its deltas are not numbered in order`,
  );
}

/** First delta from revision `low` to `high`. */
async function firstDelta(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  range: { readonly low: number; readonly high: number },
): Promise<StreamPlace | undefined> {
  let from = range.low;
  let probeCount = PROBE_COUNT;
  while (from <= range.high) {
    const limit = Math.min(probeCount, range.high - from + 1);
    const page = await store.readStream(stream, { from, direction: 'forwards', limit });
    const found = page.find(({ type }) => type === DELTA_EMITTED);
    if (found) {
      const { leaf } = parseCustomerEvent(found.type, found.data) as DeltaEmitted;
      return { revision: found.revision, sequence: Number(leaf.sequence) };
    }
    if (page.length < limit) return undefined;
    from += limit;
    probeCount = Math.min(2 * probeCount, STREAM_PAGE_MAX);
  }
  return undefined;
}
