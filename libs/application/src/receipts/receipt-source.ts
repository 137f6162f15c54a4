// A receipt before it is written: what it states, its proofs, and its deltas as they are read.
import type { ReceiptPeriod, Seal, SealProof } from '@deltabook/integrity';
import type { DeltaOwner } from '../queries/delta-view';
import type { CustomerRow } from '../read-models/rows';
import type { CheckedDelta } from './checked-deltas';

export interface ReceiptSource {
  readonly row: CustomerRow;
  readonly owner: DeltaOwner;
  readonly seal: Seal;
  /** Leaf hash of the seal in the seal log, `0x` + 64 hex. */
  readonly sealHash: string;
  readonly sealProof: SealProof;
  /** Hashes of the customer's tree, as `Receipt.treeHashes` describes them. */
  readonly treeHashes: readonly Uint8Array[];
  /** Undefined: the receipt of one delta. */
  readonly period: ReceiptPeriod | undefined;
  /** Sequences of the deltas that it is asked for, both included; none when last < first. */
  readonly first: number;
  readonly last: number;
  /** receiptId of the delta before them; null when they begin with the first. */
  readonly openingRoot: string | null;
  readonly openingNano: bigint;
  readonly closingNano: bigint;
  /** receiptId of the last of them; null when there are none. */
  readonly proofRoot: string | null;
  /** False where the period goes on beyond what was sealed. */
  readonly complete: boolean;
  /** Deltas of the customer that were recorded and that the seal does not cover. */
  readonly notCoveredCount: number;
  /**
   * Those deltas and, for a period, their neighbours; can be read again. Throws
   * HistoryMismatchError where they are not what was sealed.
   */
  run(): AsyncGenerator<CheckedDelta, void, undefined>;
}
