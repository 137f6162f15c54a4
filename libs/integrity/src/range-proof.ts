// Range proofs: these contiguous leaves are numbers a to b of the
// tree with that root, so none between them is missing. The proof is
// the smallest set of hashes outside the range, from left to right.
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

/** Leaves `start` (from 0, inclusive) to `end` (exclusive) of a tree of `size`; at least one. */
export interface LeafRange extends Span {
  readonly size: number;
}

function isRange({ start, end, size }: LeafRange): boolean {
  return [start, end, size].every(Number.isSafeInteger) && start >= 0 && start < end && end <= size;
}

/** Largest spans of the tree that hold no leaf of the range, from left to right. */
export function rangeSpans(range: LeafRange): Span[] {
  if (!isRange(range)) {
    throw new RangeError(
      `a tree of ${String(range.size)} leaves has no range ` +
        `${String(range.start)} to ${String(range.end)}`,
    );
  }
  const spans: Span[] = [];
  const visit = (span: Span): void => {
    if (span.start >= range.start && span.end <= range.end) return;
    if (span.end <= range.start || span.start >= range.end) {
      spans.push(span);
      return;
    }
    const middle = span.start + splitOf(span.end - span.start);
    visit({ start: span.start, end: middle });
    visit({ start: middle, end: span.end });
  };
  visit({ start: 0, end: range.size });
  return spans;
}

/**
 * Hashes of the range proof, from left to right. Throws RangeError for a range outside the tree.
 */
export function proveRange(range: LeafRange, readNode: ReadNode, sha256: Sha256): Uint8Array[] {
  return rangeSpans(range).map((span) => hashOfSpan(span, readNode, sha256));
}

/**
 * A claim that these are the hashes of the leaves from `start` on, in a tree of `size` with `root`.
 */
export interface RangeClaim {
  readonly start: number;
  readonly size: number;
  readonly leafHashes: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Checks a range proof: exactly the hashes that the range asks for, and the root. */
export function verifyRange(
  claim: RangeClaim,
  hashes: readonly Uint8Array[],
  sha256: Sha256,
): ProofVerdict {
  const range = {
    start: claim.start,
    end: claim.start + claim.leafHashes.length,
    size: claim.size,
  };
  if (!isRange(range)) return unproven('OUTSIDE_TREE');
  const spans = rangeSpans(range);
  if (hashes.length !== spans.length) return unproven('WRONG_HASH_COUNT');
  if (!hashes.every(isHash) || !claim.leafHashes.every(isHash)) {
    return unproven('WRONG_HASH_LENGTH');
  }
  const root = rootFrom(claim, new Map(spans.map((span, at) => [span.start, hashes[at]])), sha256);
  return bytesEqual(root, claim.root) ? PROVEN : unproven('ROOT_MISMATCH');
}

/**
 * Root from the leaves of the range and the hashes outside it, which are found by where they start.
 */
function rootFrom(
  claim: RangeClaim,
  outside: ReadonlyMap<number, Uint8Array | undefined>,
  sha256: Sha256,
): Uint8Array {
  const end = claim.start + claim.leafHashes.length;
  const visit = (span: Span): Uint8Array => {
    if (span.end <= claim.start || span.start >= end) {
      return outside.get(span.start) ?? claim.root;
    }
    if (span.end - span.start === 1) {
      return claim.leafHashes[span.start - claim.start] ?? claim.root;
    }
    const middle = span.start + splitOf(span.end - span.start);
    const left = visit({ start: span.start, end: middle });
    return hashNode(left, visit({ start: middle, end: span.end }), sha256);
  };
  return visit({ start: 0, end: claim.size });
}
