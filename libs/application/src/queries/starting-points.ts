// Where a derived balance starts: after a checkpoint, a record or a proof root of the customer's
// own history. Each names a delta, and the balance there is that delta's own.
import {
  customerStream,
  DELTA_EMITTED,
  parseCheckpointId,
  type DeltaPoint,
  type PlacedCheckpoint,
} from '@deltabook/domain';
import { FIRST_PREVIOUS_PROOF_HASH } from '@deltabook/integrity';
import { placedCheckpoint } from '../checkpoints/checkpoint-facts';
import type { EventStore } from '../ports/event-store.port';
import type { VerificationReads } from '../ports/verification-store.port';
import { deltaFrom, deltaUpTo, type PlacedDelta } from '../receipts/placed-deltas';
import { deltaOfReceipt, deltaOfRecord } from '../receipts/wanted-deltas';
import { deltaOfSequence, NO_DELTAS, pointOf } from './delta-places';
import type { FoundRecord } from './record-finder';
import { revisionOfSequence } from './revision-of-sequence';
import { WALK_EVENTS_MAX } from './walk-deltas';

export type StartingPoint =
  | { readonly kind: 'checkpoint'; readonly checkpointId: string }
  | { readonly kind: 'record'; readonly recordId: string }
  /** `0x` + 64 lower-case hex; 32 zero bytes stand before the first delta. */
  | { readonly kind: 'root'; readonly proofRoot: string };

/** Events of one read while looking through what is not verified yet. */
const PAGE_COUNT = 500;

export class StartingPoints {
  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly reads: Pick<VerificationReads, 'findReceipt'>,
  ) {}

  /** What the customer's deltas up to the point come to; undefined when it has no such. */
  async find(record: FoundRecord, start: StartingPoint): Promise<DeltaPoint | undefined> {
    switch (start.kind) {
      case 'checkpoint':
        return this.ofCheckpoint(record, start.checkpointId);
      case 'record':
        return found(await deltaOfRecord(this.store, record.row.reference, start.recordId));
      case 'root': {
        if (start.proofRoot === FIRST_PREVIOUS_PROOF_HASH) return NO_DELTAS;
        return found(await this.deltaOfRoot(record, start.proofRoot));
      }
    }
  }

  /** The delta is read, not the checkpoint's own sums: it is what was verified. */
  private async ofCheckpoint(
    { row, stream }: FoundRecord,
    checkpointId: string,
  ): Promise<DeltaPoint | undefined> {
    const place = parseCheckpointId(checkpointId);
    if (!place || stream !== customerStream(`0x${place.referenceHex}`)) return undefined;
    const checkpoint = await this.checkpointAt(stream, place.revision);
    const last = checkpoint && (await deltaUpTo(this.store, stream, checkpoint.revision));
    if (!last) return undefined;
    const { sequence, proofRoot } = checkpoint.event;
    const delta =
      last.sequence === sequence
        ? last
        : await deltaOfSequence(this.store, { stream, end: last }, sequence);
    if (delta.text.receiptId === proofRoot) return pointOf(delta);
    throw new Error(`checkpoint ${checkpointId} of ${row.reference} has another proof root`);
  }

  private async checkpointAt(
    stream: string,
    revision: number,
  ): Promise<PlacedCheckpoint | undefined> {
    const range = { from: revision, direction: 'forwards', limit: 1 } as const;
    const [recorded] = await this.store.readStream(stream, range);
    return recorded && placedCheckpoint(recorded);
  }

  /** Verified deltas are in the receipt index; the few that are not yet are looked through. */
  private async deltaOfRoot(
    { row, stream }: FoundRecord,
    receiptId: string,
  ): Promise<PlacedDelta | undefined> {
    const { reference, verifiedDeltas, totalDeltas, revision } = row;
    const indexed = await deltaOfReceipt({ store: this.store, reads: this.reads }, receiptId);
    if (indexed?.reference === reference) return indexed;
    if (indexed || verifiedDeltas >= totalDeltas) return undefined;
    const end = { revision, sequence: totalDeltas };
    let from = await revisionOfSequence(this.store, stream, verifiedDeltas + 1, end);
    const to = Math.min(revision, from + WALK_EVENTS_MAX);
    const ending = `"receiptId":"${receiptId}"}`;
    for (; from <= to; from += PAGE_COUNT) {
      const range = { from, direction: 'forwards', limit: PAGE_COUNT } as const;
      const page = await this.store.readStream(stream, range);
      const match = page.find(({ type, data }) => type === DELTA_EMITTED && data.endsWith(ending));
      if (match) return deltaFrom(this.store, stream, match.revision, match.revision);
    }
    return undefined;
  }
}

function found(delta: PlacedDelta | undefined): DeltaPoint | undefined {
  return delta && pointOf(delta);
}
