// Inclusion proofs (RFC 6962 section 2.1.1): this leaf is
// number `index` of the tree with that root.
import { bytesEqual } from './bytes';
import { hashNode, isHash, type Sha256 } from './tree-hash';
import {
  hashOfSpan,
  PROVEN,
  splitOf,
  unproven,
  type ProofVerdict,
  type ReadNode,
  type Span,
} from './tree-spans';

interface Step extends Span {
  readonly side: 'left' | 'right';
}

/** Siblings on the way from the leaf up to the root, and the side on which each stands. */
function stepsToRoot(index: number, size: number): Step[] {
  const steps: Step[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      steps.push({ start: middle, end, side: 'right' });
      end = middle;
    } else {
      steps.push({ start, end: middle, side: 'left' });
      start = middle;
    }
  }
  return steps.reverse();
}

/** True when a tree of `size` leaves has a leaf `index`. */
function isInTree(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;
}

/**
 * Spans whose hashes prove leaf `index` (from 0) of `size`,
 * from the leaf's sibling to the root's child.
 */
export function inclusionSpans(index: number, size: number): Span[] {
  if (!isInTree(index, size)) {
    throw new RangeError(`a tree of ${String(size)} leaves has no leaf ${String(index)}`);
  }
  return stepsToRoot(index, size).map(({ start, end }) => ({ start, end }));
}

/** Hashes of the inclusion proof, in the order of RFC 6962. Throws RangeError outside the tree. */
export function proveInclusion(
  place: { readonly index: number; readonly size: number },
  readNode: ReadNode,
  sha256: Sha256,
): Uint8Array[] {
  return inclusionSpans(place.index, place.size).map((span) => hashOfSpan(span, readNode, sha256));
}

/**
 * A claim that the leaf with this hash is leaf `index` (from 0) of the tree of `size` with `root`.
 */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
}

/** Checks an inclusion proof: exactly the hashes that the index and size ask for, and the root. */
export function verifyInclusion(
  claim: InclusionClaim,
  hashes: readonly Uint8Array[],
  sha256: Sha256,
): ProofVerdict {
  const { index, size, leafHash, root } = claim;
  if (!isInTree(index, size)) return unproven('OUTSIDE_TREE');
  const steps = stepsToRoot(index, size);
  if (hashes.length !== steps.length) return unproven('WRONG_HASH_COUNT');
  if (![leafHash, ...hashes].every(isHash)) return unproven('WRONG_HASH_LENGTH');
  let hash = leafHash;
  for (const [at, sibling] of hashes.entries()) {
    const isLeft = steps[at]?.side === 'left';
    hash = isLeft ? hashNode(sibling, hash, sha256) : hashNode(hash, sibling, sha256);
  }
  return bytesEqual(hash, root) ? PROVEN : unproven('ROOT_MISMATCH');
}
