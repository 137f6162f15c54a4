// Finds the first delta on which two histories differ by comparing levels of their trees from the
// top down, and proves it: up to that delta both heads say the same, and there they do not.
import { bytesEqual } from './bytes';
import { consistencySpans } from './consistency-proof';
import { verifyDifference, type DifferenceProof, type DifferenceSide } from './difference-proof';
import { inclusionSpans } from './inclusion-proof';
import {
  firstDifferent,
  foldLevel,
  LEVEL_NODE_COUNT_MAX,
  levelSpan,
  levelWidth,
  topRow,
  type LevelRequest,
} from './level-nodes';
import { refusal, type Refusal } from './refusal';
import { isHash, type Sha256 } from './tree-hash';
import { hashOfSpan, rootAtSize, type ReadNode, type Span } from './tree-spans';

/** Levels that one request goes down: 2^9 nodes lie under one. */
const LEVEL_STEP = Math.log2(LEVEL_NODE_COUNT_MAX);

/** One tree head. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** The other party's nodes, of its tree at `request.size`. */
export type FetchLevel = (request: LevelRequest) => Promise<readonly Uint8Array[]>;

export interface DifferenceSearch {
  readonly ours: { readonly size: number; readonly readNode: ReadNode };
  /** The head that they signed. */
  readonly theirs: TreeHead;
  readonly fetchLevel: FetchLevel;
  readonly sha256: Sha256;
}

export type DifferenceResult =
  | { readonly ok: true; readonly same: true }
  | { readonly ok: true; readonly same: false; readonly proof: DifferenceProof }
  /** Their nodes do not add up to the head that they signed. */
  | Refusal<'NODES_MISMATCH'>;

/** Compares histories in at most one request for each 9 levels of their tree, and one more. */
export async function findDifference(search: DifferenceSearch): Promise<DifferenceResult> {
  const { ours, theirs, sha256 } = search;
  const common = Math.min(ours.size, theirs.size);
  if (
    common === theirs.size &&
    bytesEqual(rootAtSize(common, ours.readNode, sha256), theirs.root)
  ) {
    return ours.size === theirs.size ? { ok: true, same: true } : proven(search, common, new Map());
  }
  const known = new Map<string, Uint8Array>();
  const index = await firstDifferentLeaf(search, known);
  if (index === undefined) {
    return refusal('NODES_MISMATCH', 'their nodes do not hash to the head that they signed');
  }
  return proven(search, index, known);
}

async function firstDifferentLeaf(
  search: DifferenceSearch,
  known: Map<string, Uint8Array>,
): Promise<number | undefined> {
  let request = topRow(search.theirs.size);
  let parent = search.theirs.root;
  const remember = (span: Span, hash: Uint8Array): unknown => known.set(keyOf(span), hash);
  for (;;) {
    const hashes = await search.fetchLevel(request);
    if (hashes.length !== request.count || !hashes.every(isHash)) return undefined;
    const top = foldLevel(request, hashes, remember, search.sha256);
    if (!top || !bytesEqual(top, parent)) return undefined;
    const at = firstDifferent(hashes, (node) => ourHash(search, request, node));
    // A node differs, so one below it does.
    if (at < 0) return undefined;
    if (request.level === 0) return request.from + at;
    parent = hashes[at] as Uint8Array;
    request = below(request, request.from + at);
  }
}

/** Our hash over the leaves of a node of theirs; undefined when we have not all of them. */
function ourHash(
  { ours, sha256 }: DifferenceSearch,
  { level, from, size }: LevelRequest,
  at: number,
): Uint8Array | undefined {
  const span = levelSpan(level, from + at, size);
  return span.end <= ours.size ? hashOfSpan(span, ours.readNode, sha256) : undefined;
}

/** All nodes, some levels down, that lie under one node. */
function below(request: LevelRequest, index: number): LevelRequest {
  const level = Math.max(0, request.level - LEVEL_STEP);
  const fanOut = 2 ** (request.level - level);
  const from = index * fanOut;
  const count = Math.min(fanOut, levelWidth(level, request.size) - from);
  return { size: request.size, level, from, count };
}

const keyOf = ({ start, end }: Span): string => `${String(start)}-${String(end)}`;

/** Puts the proof together; their hashes are those that were fetched, or ours where both agree. */
function proven(
  search: DifferenceSearch,
  index: number,
  known: ReadonlyMap<string, Uint8Array>,
): DifferenceResult {
  const { ours, theirs, sha256 } = search;
  const ourSpan = (span: Span): Uint8Array => hashOfSpan(span, ours.readNode, sha256);
  const theirSpan = (span: Span): Uint8Array => known.get(keyOf(span)) ?? ourSpan(span);
  const root = rootAtSize(ours.size, ours.readNode, sha256);
  const proof: DifferenceProof = {
    index,
    sharedRoot: rootAtSize(index, ours.readNode, sha256),
    ours: sideOf({ size: ours.size, root }, index, ourSpan),
    theirs: sideOf(theirs, index, theirSpan),
  };
  const verdict = verifyDifference(proof, sha256);
  return verdict.ok ? { ok: true, same: false, proof } : refusal('NODES_MISMATCH', verdict.problem);
}

function sideOf(head: TreeHead, index: number, hashOf: (span: Span) => Uint8Array): DifferenceSide {
  const consistency = consistencySpans({ from: index, to: head.size }).map(hashOf);
  if (head.size === index) return { ...head, consistency };
  const leafHash = hashOf({ start: index, end: index + 1 });
  const inclusion = inclusionSpans(index, head.size).map(hashOf);
  return { ...head, consistency, leaf: { leafHash, inclusion } };
}
