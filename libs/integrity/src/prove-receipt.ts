// Puts a receipt together from what a verifier keeps: the customer's tree, the seal, the seal log.
import { proveInclusion } from './inclusion-proof';
import { proveRange } from './range-proof';
import type { Receipt, ReceiptDelta, ReceiptPeriod } from './receipt';
import type { Seal } from './seal';
import type { Sha256 } from './tree-hash';
import type { ReadNode } from './tree-spans';

/** The deltas of one customer that a receipt is to prove, as `Receipt.deltas` describes them. */
export interface ReceiptContent {
  readonly seal: Seal;
  readonly period?: ReceiptPeriod;
  readonly deltas: readonly ReceiptDelta[];
}

/** Where the hashes come from. Both trees may have grown since. */
export interface ReceiptSource {
  readonly customerTree: ReadNode;
  readonly sealLog: {
    readonly readNode: ReadNode;
    /** Number of the seal in the log, from 0. */
    readonly index: number;
    /** Size of the log under the signed head. */
    readonly size: number;
    /** Signed log head, verbatim. */
    readonly logHead: string;
  };
}

/** Throws RangeError when the seal does not cover the deltas or the head not the seal. */
export function proveReceipt(
  content: ReceiptContent,
  source: ReceiptSource,
  sha256: Sha256,
): Receipt {
  const size = Number(content.seal.size);
  const start = Number(content.deltas[0]?.leaf.sequence ?? '0') - 1;
  const { customerTree, sealLog } = source;
  const end = start + content.deltas.length;
  const treeHashes = content.period
    ? proveRange({ start, end, size }, customerTree, sha256)
    : proveInclusion({ index: start, size }, customerTree, sha256);
  const { index, logHead } = sealLog;
  const hashes = proveInclusion({ index, size: sealLog.size }, sealLog.readNode, sha256);
  return { ...content, treeHashes, sealProof: { index, hashes, logHead } };
}
