// Where the deltas are that a receipt is asked for: one by its id, or the run of a period with its
// neighbours.
import { customerStream, nanoOf, parseRecordId, timeText } from '@deltabook/domain';
import { CHAIN_START, type ChainPoint, type ReceiptPeriod } from '@deltabook/integrity';
import type { EventStore } from '../ports/event-store.port';
import { revisionOfSequence } from '../queries/revision-of-sequence';
import { deltaFrom, deltaUpTo, firstRecordedFrom, type PlacedDelta } from './placed-deltas';
import type { ProofSources } from './proof-sources';
import type { SealedHistory } from './sealed-histories';

/** Deltas wanted, `first` to `last`, in a run that may have a neighbour at either end. */
export interface WantedDeltas {
  readonly first: number;
  readonly last: number;
  readonly run: { readonly first: number; readonly last: number; readonly revision: number };
  readonly openingRoot: string | null;
  readonly openingNano: bigint;
  readonly closingNano: bigint;
  readonly proofRoot: string | null;
}

export interface WantedPeriod extends WantedDeltas {
  readonly period: ReceiptPeriod;
  readonly complete: boolean;
}

type Store = Pick<EventStore, 'readStream'>;

/** The delta of a recordId; undefined when this customer has none. */
export async function deltaOfRecord(
  store: Store,
  reference: string,
  recordId: string,
): Promise<PlacedDelta | undefined> {
  const place = parseRecordId(recordId);
  if (place?.referenceHex !== reference.slice('0x'.length).toLowerCase()) return undefined;
  return deltaAt(store, customerStream(reference), place.revision);
}

/** A delta and whose it is. */
export interface FoundRoot extends PlacedDelta {
  readonly reference: string;
}

/** What finds a receipt. */
export interface ReceiptSources {
  readonly store: Store;
  readonly reads: Pick<ProofSources['reads'], 'findReceipt'>;
}

/** The verified delta with a receiptId; undefined when there is none. */
export async function deltaOfReceipt(
  { store, reads }: ReceiptSources,
  receiptId: string,
): Promise<FoundRoot | undefined> {
  for (const { reference, revision } of await reads.findReceipt(receiptId)) {
    const delta = await deltaAt(store, customerStream(reference), revision);
    if (delta?.text.receiptId === receiptId) return { ...delta, reference };
  }
  return undefined;
}

async function deltaAt(
  store: Store,
  stream: string,
  revision: number,
): Promise<PlacedDelta | undefined> {
  const delta = await deltaFrom(store, stream, revision, revision);
  return delta?.revision === revision ? delta : undefined;
}

/** The one delta, as a run of its own. */
export async function wantedDelta(
  store: Store,
  stream: string,
  delta: PlacedDelta,
): Promise<WantedDeltas> {
  const { revision, sequence, text } = delta;
  const before = await deltaUpTo(store, stream, revision - 1);
  return {
    first: sequence,
    last: sequence,
    run: { first: sequence, last: sequence, revision },
    openingRoot: before?.text.receiptId ?? null,
    openingNano: pointOf(before).balanceNano,
    closingNano: pointOf(delta).balanceNano,
    proofRoot: text.receiptId,
  };
}

/** Undefined while deltas that may lie in an ended period are recorded and not sealed. */
export async function wantedPeriod(
  store: Store,
  history: SealedHistory,
  bounds: { readonly fromMs: number | undefined; readonly beforeMs: number | undefined },
): Promise<WantedPeriod | undefined> {
  const { seal, size, seen } = history;
  const stream = customerStream(seal.reference);
  const end = await revisionOfSequence(store, stream, size, seen);
  const period = { from: timeOrOpen(bounds.fromMs), to: timeOrOpen(bounds.beforeMs) };
  const edges = await edgesOf(store, stream, { ...period, end });
  const { to } = period;
  const complete = edges.after !== undefined || (to !== '' && to <= seal.sealedAt);
  const isCut = complete && !edges.after && (await isRecordedBefore(store, stream, { to, end }));
  return isCut ? undefined : { ...statedBy(edges, size), period, complete };
}

/** Deltas around the two ends of a period, as far as there are such. */
interface Edges {
  readonly before: PlacedDelta | undefined;
  /** Last delta recorded before the period's end. */
  readonly closing: PlacedDelta | undefined;
  readonly after: PlacedDelta | undefined;
}

async function edgesOf(
  store: Store,
  stream: string,
  { from, to, end }: ReceiptPeriod & { readonly end: number },
): Promise<Edges> {
  const start = await firstRecordedFrom(store, stream, from, end);
  const after = to === '' ? undefined : await firstRecordedFrom(store, stream, to, end);
  const upTo = (next: PlacedDelta | undefined): Promise<PlacedDelta | undefined> =>
    deltaUpTo(store, stream, next ? next.revision - 1 : end);
  return { before: await upTo(start), closing: await upTo(after), after };
}

function statedBy(edges: Edges, size: number): WantedDeltas {
  const { sequence: before, revision, balanceNano } = pointOf(edges.before);
  const closing = pointOf(edges.closing);
  return {
    first: before + 1,
    last: closing.sequence,
    run: { first: Math.max(1, before), last: edges.after?.sequence ?? size, revision },
    openingRoot: edges.before?.text.receiptId ?? null,
    openingNano: balanceNano,
    closingNano: closing.balanceNano,
    proofRoot: closing.sequence > before ? closing.receiptId : null,
  };
}

/** Where a history stands after a delta, or before the first. */
function pointOf(delta: PlacedDelta | undefined): ChainPoint & { readonly revision: number } {
  if (!delta) return { ...CHAIN_START, revision: 0 };
  const { revision, sequence, text } = delta;
  const { receiptId, recordedAt } = text;
  return { revision, sequence, receiptId, recordedAt, balanceNano: nanoOf(text.balance) };
}

const timeOrOpen = (ms: number | undefined): string => (ms === undefined ? '' : timeText(ms));

/** True when the delta that follows the last sealed one was recorded before `to`. */
async function isRecordedBefore(
  store: Store,
  stream: string,
  { to, end }: { readonly to: string; readonly end: number },
): Promise<boolean> {
  const next = await deltaFrom(store, stream, end + 1, Number.MAX_SAFE_INTEGER);
  return next !== undefined && next.text.recordedAt < to;
}
