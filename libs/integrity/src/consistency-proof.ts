// Consistency proofs (RFC 6962 section 2.1.2): the larger tree starts with all leaves
// of the smaller, so nothing that was once proven has been changed or taken away.
import { bytesEqual } from './bytes';
import { emptyRoot, hashNode, isHash, type Sha256 } from './tree-hash';
import {
  hashOfSpan,
  PROVEN,
  splitOf,
  unproven,
  type ProofVerdict,
  type ReadNode,
  type Span,
} from './tree-spans';

/** Sizes of the two trees of which the first is claimed to be the start of the second. */
export interface SizePair {
  readonly from: number;
  readonly to: number;
}

function areSizes({ from, to }: SizePair): boolean {
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from <= to;
}

/** Spans whose hashes prove that the tree of `to` leaves starts with that of `from`. */
export function consistencySpans(sizes: SizePair): Span[] {
  if (!areSizes(sizes)) {
    throw new RangeError(`no tree grows from ${String(sizes.from)} to ${String(sizes.to)} leaves`);
  }
  const spans: Span[] = [];
  if (sizes.from === 0) return spans;
  let start = 0;
  let end = sizes.to;
  // Down to the subtree that both trees share; a right turn leaves the old root behind.
  while (end > sizes.from) {
    const middle = start + splitOf(end - start);
    if (sizes.from <= middle) {
      spans.push({ start: middle, end });
      end = middle;
    } else {
      spans.push({ start, end: middle });
      start = middle;
    }
  }
  if (start > 0) spans.push({ start, end });
  return spans.reverse();
}

/**
 * Hashes of the consistency proof, in the order of RFC
 * 6962. Throws RangeError for a shrinking tree.
 */
export function proveConsistency(
  sizes: SizePair,
  readNode: ReadNode,
  sha256: Sha256,
): Uint8Array[] {
  return consistencySpans(sizes).map((span) => hashOfSpan(span, readNode, sha256));
}

/**
 * A claim that the tree of `to` leaves with `toRoot` starts
 * with the tree of `from` with `fromRoot`.
 */
export interface ConsistencyClaim extends SizePair {
  readonly fromRoot: Uint8Array;
  readonly toRoot: Uint8Array;
}

/** Checks a consistency proof. Every tree is consistent with the empty one. */
export function verifyConsistency(
  claim: ConsistencyClaim,
  hashes: readonly Uint8Array[],
  sha256: Sha256,
): ProofVerdict {
  if (!areSizes(claim)) return unproven('OUTSIDE_TREE');
  const spans = consistencySpans(claim);
  if (hashes.length !== spans.length) return unproven('WRONG_HASH_COUNT');
  if (![claim.fromRoot, claim.toRoot, ...hashes].every(isHash)) {
    return unproven('WRONG_HASH_LENGTH');
  }
  const roots = rootsFrom(claim, spans, hashes, sha256);
  return bytesEqual(roots.from, claim.fromRoot) && bytesEqual(roots.to, claim.toRoot)
    ? PROVEN
    : unproven('ROOT_MISMATCH');
}

interface RootPair {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/** Both roots as the proof's hashes give them. */
function rootsFrom(
  claim: ConsistencyClaim,
  spans: readonly Span[],
  hashes: readonly Uint8Array[],
  sha256: Sha256,
): RootPair {
  if (claim.from === 0) return { from: emptyRoot(sha256), to: claim.toRoot };
  // The shared subtree is the whole old tree (whose root is
  // the claim itself) or the proof's first hash.
  const wholeIsShared = spans.every(({ start }) => start >= claim.from);
  const steps = spans.map(({ start }, at) => ({ start, hash: hashes[at] ?? claim.toRoot }));
  const first = wholeIsShared ? undefined : steps.shift();
  const shared = first?.hash ?? claim.fromRoot;
  let pair: RootPair = { from: shared, to: shared };
  for (const { start, hash } of steps) {
    const join = start < claim.from ? withLeft : withRight;
    pair = join(pair, hash, sha256);
  }
  return pair;
}

/** What lies left of the shared subtree belongs to both trees. */
function withLeft(pair: RootPair, sibling: Uint8Array, sha256: Sha256): RootPair {
  return { from: hashNode(sibling, pair.from, sha256), to: hashNode(sibling, pair.to, sha256) };
}

/** What lies right of it is new. */
function withRight(pair: RootPair, sibling: Uint8Array, sha256: Sha256): RootPair {
  return { from: pair.from, to: hashNode(pair.to, sibling, sha256) };
}
