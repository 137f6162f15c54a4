// The proof that two heads of one customer part at one delta. With both heads signed it convicts
// who signed them, since each alone says that nothing was ever changed.
import { bytesEqual } from './bytes';
import { verifyConsistency } from './consistency-proof';
import { verifyInclusion } from './inclusion-proof';
import { refusal, type Refusal } from './refusal';
import type { Sha256 } from './tree-hash';

export interface DifferenceSide {
  readonly size: number;
  readonly root: Uint8Array;
  /** Consistency proof from the shared leaves to this head. */
  readonly consistency: readonly Uint8Array[];
  /** Absent when this history ends where the shared part does. */
  readonly leaf?: { readonly leafHash: Uint8Array; readonly inclusion: readonly Uint8Array[] };
}

export interface DifferenceProof {
  /** Number of leaves that both share, which is the index (from 0) of the first that differs. */
  readonly index: number;
  /** Root over the shared leaves. */
  readonly sharedRoot: Uint8Array;
  readonly ours: DifferenceSide;
  readonly theirs: DifferenceSide;
}

export type DifferenceRefusal = 'NOT_SHARED' | 'NOT_IN_TREE' | 'SAME_LEAF';

/** Checks that both heads share the first `index` leaves and no more. */
export function verifyDifference(
  proof: DifferenceProof,
  sha256: Sha256,
): { readonly ok: true } | Refusal<DifferenceRefusal> {
  const { ours, theirs } = proof;
  const fault = sideFault(proof, ours, sha256) ?? sideFault(proof, theirs, sha256);
  if (fault) return fault;
  const [our, their] = [ours.leaf?.leafHash, theirs.leaf?.leafHash];
  const isSame = our && their ? bytesEqual(our, their) : our === their;
  return isSame ? refusal('SAME_LEAF', 'both histories have the same leaf there') : { ok: true };
}

function sideFault(
  { index, sharedRoot }: DifferenceProof,
  { size, root, consistency, leaf }: DifferenceSide,
  sha256: Sha256,
): Refusal<DifferenceRefusal> | undefined {
  const growth = { from: index, to: size, fromRoot: sharedRoot, toRoot: root };
  const shared = verifyConsistency(growth, consistency, sha256);
  if (!shared.ok) return refusal('NOT_SHARED', `the shared part is not proven (${shared.reason})`);
  if (!leaf) {
    return size === index ? undefined : refusal('NOT_IN_TREE', 'the leaf that differs is missing');
  }
  const claim = { index, size, leafHash: leaf.leafHash, root };
  const included = verifyInclusion(claim, leaf.inclusion, sha256);
  if (included.ok) return undefined;
  return refusal('NOT_IN_TREE', `the leaf that differs is not proven (${included.reason})`);
}
