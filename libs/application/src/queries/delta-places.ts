// Deltas of a customer's stream by their number or by time: where derived balances and checkpoints
// begin and end. O(log n) reads each.
import { nanoOf, timeText, type DeltaPoint } from '@deltabook/domain';
import { FIRST_PREVIOUS_PROOF_HASH } from '@deltabook/integrity';
import type { EventStore } from '../ports/event-store.port';
import {
  deltaFrom,
  deltaUpTo,
  firstRecordedFrom,
  type PlacedDelta,
} from '../receipts/placed-deltas';
import { revisionOfSequence, type StreamPlace } from './revision-of-sequence';

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

/** What the customer's deltas up to one come to; NO_DELTAS for none. */
export function pointOf(delta: PlacedDelta | undefined): DeltaPoint {
  if (!delta) return NO_DELTAS;
  const { balance, receiptId } = delta.text;
  return { sequence: delta.sequence, balanceNano: nanoOf(balance), receiptId };
}

/** The delta with a number from 1 to that of the end. */
export async function deltaOfSequence(
  store: Reads,
  { stream, end }: StreamUpTo,
  sequence: number,
): Promise<PlacedDelta> {
  const revision = await revisionOfSequence(store, stream, sequence, end);
  const delta = await deltaFrom(store, stream, revision, revision);
  if (delta?.sequence === sequence) return delta;
  throw new Error(`stream ${stream} has no delta ${sequence} at revision ${revision}`);
}

/** The last delta that was recorded before a time (milliseconds); undefined when there is none. */
export async function deltaBefore(
  store: Reads,
  { stream, end }: StreamUpTo,
  beforeMs: number,
): Promise<PlacedDelta | undefined> {
  const time = timeText(beforeMs);
  // The end first: most scopes that are asked for reach to it.
  const last = await deltaUpTo(store, stream, end.revision);
  if (!last || last.text.recordedAt < time) return last;
  const next = await firstRecordedFrom(store, stream, time, last.revision);
  return next && deltaUpTo(store, stream, next.revision - 1);
}
