// Finds deltas in a customer's stream by time and by place: time never steps back in it, so a
// moment is searched for in O(log n) reads.
import {
  DELTA_EMITTED,
  deltaTextOf,
  parseCustomerEvent,
  readDeltaText,
  type DeltaEmitted,
  type DeltaText,
} from '@deltabook/domain';
import { STREAM_PAGE_MAX, type EventStore, type RecordedEvent } from '../ports/event-store.port';

/** Events looked at first where a delta is expected; doubled while there is none. */
const PROBE_COUNT = 2;

type Store = Pick<EventStore, 'readStream'>;

export interface PlacedDelta {
  readonly revision: number;
  readonly sequence: number;
  readonly text: DeltaText;
}

/** First delta at or after `revision`; undefined when there is none up to `end`. */
export function deltaFrom(
  store: Store,
  stream: string,
  revision: number,
  end: number,
): Promise<PlacedDelta | undefined> {
  return probe(store, stream, { from: revision, to: end, step: 1 });
}

/** Last delta at or before `revision`; undefined when there is none. */
export function deltaUpTo(
  store: Store,
  stream: string,
  revision: number,
): Promise<PlacedDelta | undefined> {
  return probe(store, stream, { from: revision, to: 0, step: -1 });
}

/** First delta recorded at `time` or later, up to revision `end`; undefined when there is none. */
export async function firstRecordedFrom(
  store: Store,
  stream: string,
  time: string,
  end: number,
): Promise<PlacedDelta | undefined> {
  let low = 0;
  let high = end + 1;
  let found: PlacedDelta | undefined;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const delta = await deltaFrom(store, stream, middle, end);
    if (delta && delta.text.recordedAt < time) {
      low = delta.revision + 1;
      continue;
    }
    found = delta ?? found;
    high = middle;
  }
  return found;
}

interface Probe {
  readonly from: number;
  readonly to: number;
  readonly step: 1 | -1;
}

async function probe(store: Store, stream: string, probe: Probe): Promise<PlacedDelta | undefined> {
  const { to, step } = probe;
  const direction = step > 0 ? 'forwards' : 'backwards';
  let { from } = probe;
  let probeCount = PROBE_COUNT;
  while ((to - from) * step >= 0) {
    const limit = Math.min(probeCount, (to - from) * step + 1);
    const page = await store.readStream(stream, { from, direction, limit });
    const found = page.find(({ type }) => type === DELTA_EMITTED);
    if (found) return placed(found);
    if (page.length < limit) return undefined;
    from += step * limit;
    probeCount = Math.min(2 * probeCount, STREAM_PAGE_MAX);
  }
  return undefined;
}

function placed({ type, data, revision }: RecordedEvent): PlacedDelta {
  const text = readDeltaText(data) ?? deltaTextOf(parseCustomerEvent(type, data) as DeltaEmitted);
  return { revision, sequence: Number(text.sequence), text };
}
