// Deltas of a customer's stream by their number or by time: where derived balances, checkpoints and
// receipts begin and end. O(log n) reads each.
import {
  DELTA_EMITTED,
  deltaTextOf,
  nanoOf,
  parseCustomerEvent,
  readDeltaText,
  type DeltaEmitted,
  type DeltaPoint,
  type DeltaText,
} from '@deltabook/domain';
import { FIRST_PREVIOUS_PROOF_HASH } from '@deltabook/integrity';
import { STREAM_PAGE_MAX, type EventStore, type RecordedEvent } from '../ports/event-store.port';
import { revisionOfSequence, type StreamPlace } from './revision-of-sequence';

/** Events looked at first where a delta is expected; doubled while there is none. */
const PROBE_COUNT = 4;

/** A stored delta, what the customer's deltas up to it come to, and its place. */
export interface PlacedDelta extends DeltaPoint {
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly recordedAt: number;
}

/** What there is before the first delta. */
export const NO_DELTAS: DeltaPoint = {
  sequence: 0,
  balanceNano: 0n,
  receiptId: FIRST_PREVIOUS_PROOF_HASH,
};

/** A stream and its last event that counts. */
export interface StreamUpTo {
  readonly stream: string;
  readonly end: StreamPlace;
}

type Reads = Pick<EventStore, 'readStream'>;

/** The place of a stored event that is a delta; undefined for any other. */
export function placedDelta(recorded: RecordedEvent): PlacedDelta | undefined {
  if (recorded.type !== DELTA_EMITTED) return undefined;
  const text = readDeltaText(recorded.data) ?? parsedText(recorded);
  return {
    sequence: Number(text.sequence),
    balanceNano: nanoOf(text.balance),
    receiptId: text.receiptId,
    revision: recorded.revision,
    recordedAt: Date.parse(text.recordedAt),
  };
}

function parsedText({ type, data }: RecordedEvent): DeltaText {
  return deltaTextOf(parseCustomerEvent(type, data) as DeltaEmitted);
}

/** The delta with a number from 1 to that of the end. */
export async function deltaOfSequence(
  store: Reads,
  { stream, end }: StreamUpTo,
  sequence: number,
): Promise<PlacedDelta> {
  const revision = await revisionOfSequence(store, stream, sequence, end);
  const range = { from: revision, direction: 'forwards', limit: 1 } as const;
  const [recorded] = await store.readStream(stream, range);
  const delta = recorded && placedDelta(recorded);
  if (delta?.sequence === sequence) return delta;
  throw new Error(`stream ${stream} has no delta ${sequence} at revision ${revision}`);
}

/** The last delta that was recorded before a time (milliseconds); undefined when there is none. */
export async function deltaBefore(
  store: Reads,
  { stream, end }: StreamUpTo,
  beforeMs: number,
): Promise<PlacedDelta | undefined> {
  let found: PlacedDelta | undefined;
  let low = 0;
  let high = end.revision;
  // The end first: most scopes that are asked for reach to it.
  let probe = high;
  while (low <= high) {
    // Time never steps back, so one delta decides for all before it or for all after it.
    const delta = await lastDelta(store, stream, { low, high: probe });
    if (delta && delta.recordedAt >= beforeMs) high = delta.revision - 1;
    else {
      found = delta ?? found;
      low = probe + 1;
    }
    probe = Math.floor((low + high) / 2);
  }
  return found;
}

/** Last delta from revision `low` to `high`. */
async function lastDelta(
  store: Reads,
  stream: string,
  { low, high }: { readonly low: number; readonly high: number },
): Promise<PlacedDelta | undefined> {
  let from = high;
  let probeCount = PROBE_COUNT;
  while (from >= low) {
    const limit = Math.min(probeCount, from - low + 1);
    const page = await store.readStream(stream, { from, direction: 'backwards', limit });
    const recorded = page.find(({ type }) => type === DELTA_EMITTED);
    if (recorded) return placedDelta(recorded);
    from -= limit;
    probeCount = Math.min(2 * probeCount, STREAM_PAGE_MAX);
  }
  return undefined;
}
