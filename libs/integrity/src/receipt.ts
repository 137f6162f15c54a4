// A receipt as it lives in memory: one delta, or all deltas of a period, of one customer, with what
// proves them to someone who trusts only a public key.
import type { Leaf } from './leaf';
import type { Seal } from './seal';

/** Names the form in files and JSON; another number is another form. */
export const RECEIPT_FORMAT = 'deltabook-receipt@v1';

/** Times RFC 3339 UTC with 3 fraction digits; '' leaves a side open. */
export interface ReceiptPeriod {
  /** First moment of the period. */
  readonly from: string;
  /** First moment after it. */
  readonly to: string;
}

export interface ReceiptDelta {
  readonly leaf: Leaf;
  /** Canonical text of the private part with its salt; only in the customer's own copy. */
  readonly private?: string;
}

/** Inclusion of a seal in the seal log, under a signed head. */
export interface SealProof {
  /** Number of the seal in the log, from 0. */
  readonly index: number;
  /** From the seal's sibling to the root's child. */
  readonly hashes: readonly Uint8Array[];
  /** Signed log head, verbatim. */
  readonly logHead: string;
}

export interface Receipt {
  readonly seal: Seal;
  /** Absent: a receipt of one delta. */
  readonly period?: ReceiptPeriod;
  /**
   * The one delta; or, without a gap, the last delta before the period, those in it and the first
   * after it, as far as there are such.
   */
  readonly deltas: readonly ReceiptDelta[];
  /**
   * Inclusion proof of the one delta in the customer's tree (from sibling to root's child), or the
   * range proof of the deltas (from left to right).
   */
  readonly treeHashes: readonly Uint8Array[];
  readonly sealProof: SealProof;
}
