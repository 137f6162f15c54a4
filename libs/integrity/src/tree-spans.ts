// Where in the tree a proof's hashes come from. A proof is a list of
// spans (subtrees of the RFC 6962 tree); which nodes, and so which
// tiles, they need follows from the numbers alone, before any read.
import { foldPeaks } from './merkle-tree';
import type { Sha256 } from './tree-hash';

/**
 * The subtree over the leaves `start` (inclusive) to `end` (exclusive), as RFC 6962 splits them.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A complete node: the root over the leaves index * 2^level to (index + 1) * 2^level. */
export interface NodePlace {
  readonly level: number;
  readonly index: number;
}

/** Hash of a complete node; throws when it is not stored. */
export type ReadNode = (level: number, index: number) => Uint8Array;

/** Largest power of two below `size`, where RFC 6962 splits a tree. `size` is at least 2. */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** The complete nodes, from the left, that make up a span. */
export function nodesOfSpan(span: Span): NodePlace[] {
  const places: NodePlace[] = [];
  let at = span.start;
  while (at < span.end) {
    let level = 0;
    while (2 ** (level + 1) <= span.end - at) level += 1;
    places.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return places;
}

/** Root over a span, from the complete nodes in it. */
export function hashOfSpan(span: Span, readNode: ReadNode, sha256: Sha256): Uint8Array {
  const peaks = nodesOfSpan(span).map(({ level, index }) => readNode(level, index));
  return foldPeaks(peaks, sha256);
}

/** Root of the tree when it had `size` leaves. */
export function rootAtSize(size: number, readNode: ReadNode, sha256: Sha256): Uint8Array {
  return hashOfSpan({ start: 0, end: size }, readNode, sha256);
}

/** Why a proof does not hold. */
export type ProofRefusal =
  'OUTSIDE_TREE' | 'WRONG_HASH_COUNT' | 'WRONG_HASH_LENGTH' | 'ROOT_MISMATCH';

export type ProofVerdict =
  { readonly ok: true } | { readonly ok: false; readonly reason: ProofRefusal };

export const PROVEN: ProofVerdict = { ok: true };

export const unproven = (reason: ProofRefusal): ProofVerdict => ({ ok: false, reason });
