// Nodes of one level of a tree of a given size, as two parties compare them. The last node of a
// level covers what leaves are left, so that a level always covers the whole tree.
import { bytesEqual } from './bytes';
import { hashNode, type Sha256 } from './tree-hash';
import { hashOfSpan, type ReadNode, type Span } from './tree-spans';

/** 512 hashes are 35 KiB as JSON texts, well below a request of 64 KiB. */
export const LEVEL_NODE_COUNT_MAX = 512;

/** `count` nodes of `level` (0: leaves) from number `from` on, in the tree of `size` leaves. */
export interface LevelRequest {
  readonly size: number;
  readonly level: number;
  readonly from: number;
  readonly count: number;
}

/** Number of nodes of a level. */
export function levelWidth(level: number, size: number): number {
  return Math.ceil(size / 2 ** level);
}

/** Leaves under node `index` of a level. */
export function levelSpan(level: number, index: number, size: number): Span {
  return { start: index * 2 ** level, end: Math.min((index + 1) * 2 ** level, size) };
}

/** True when there are such nodes, and no more of them than one reply may have. */
export function isLevelRequest({ size, level, from, count }: LevelRequest): boolean {
  const numbers = [size, level, from, count];
  const isSafe = numbers.every((number) => Number.isSafeInteger(number) && number >= 0);
  return isSafe && count <= LEVEL_NODE_COUNT_MAX && from + count <= levelWidth(level, size);
}

/** The lowest level of a tree that one request can hold: where a comparison begins. */
export function topRow(size: number): LevelRequest {
  let level = 0;
  while (levelWidth(level, size) > LEVEL_NODE_COUNT_MAX) level += 1;
  return { size, level, from: 0, count: levelWidth(level, size) };
}

/** Answers a request from a tree of at least that size. Throws RangeError for nodes it lacks. */
export function levelNodes(
  request: LevelRequest,
  readNode: ReadNode,
  sha256: Sha256,
): Uint8Array[] {
  const { size, level, from, count } = request;
  if (!isLevelRequest(request)) {
    throw new RangeError(
      `level ${String(level)} of ${String(size)} leaves has no ${String(count)} nodes from ` +
        `${String(from)} on, or they are more than ${String(LEVEL_NODE_COUNT_MAX)}`,
    );
  }
  return Array.from({ length: count }, (_, at) =>
    hashOfSpan(levelSpan(level, from + at, size), readNode, sha256),
  );
}

/** Every node between a row of neighbours and the node over all of them, told from below. */
export function foldLevel(
  request: LevelRequest,
  hashes: readonly Uint8Array[],
  onNode: (span: Span, hash: Uint8Array) => void,
  sha256: Sha256,
): Uint8Array | undefined {
  let { level, from } = request;
  let row = hashes;
  const tell = (): void => {
    row.forEach((hash, at) => {
      onNode(levelSpan(level, from + at, request.size), hash);
    });
  };
  tell();
  while (row.length > 1) {
    row = pairsOf(row, sha256);
    level += 1;
    from = Math.floor(from / 2);
    tell();
  }
  return row[0];
}

function pairsOf(row: readonly Uint8Array[], sha256: Sha256): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let at = 0; at < row.length; at += 2) {
    const left = row[at] as Uint8Array;
    const right = row[at + 1];
    // The last of an odd row is as far right as the tree goes: the node above it is itself.
    above.push(right ? hashNode(left, right, sha256) : left);
  }
  return above;
}

/** Number of the first of their hashes that ours lack or differ in; -1 if there is none. */
export function firstDifferent(
  theirs: readonly Uint8Array[],
  oursAt: (at: number) => Uint8Array | undefined,
): number {
  return theirs.findIndex((hash, at) => {
    const ours = oursAt(at);
    return !ours || !bytesEqual(ours, hash);
  });
}
