// Proofs of all small trees against a reference that recurses as RFC 6962 section 2.1 says.
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { proveConsistency, verifyConsistency } from './consistency-proof';
import { proveInclusion, verifyInclusion } from './inclusion-proof';
import { MerkleTree } from './merkle-tree';
import { proveRange, verifyRange } from './range-proof';
import { hashLeaf } from './tree-hash';
import { rootAtSize, type ProofVerdict, type ReadNode } from './tree-spans';

const SIZE_MAX = 70;
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const LEAVES = Array.from({ length: SIZE_MAX }, (_, at) => hashLeaf(Buffer.of(at), sha256));

function node(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([Buffer.of(1), left, right]));
}

function half(size: number): number {
  return 2 ** Math.ceil(Math.log2(size) - 1);
}

/** MTH of RFC 6962. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(Buffer.of());
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  const k = half(leaves.length);
  return node(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** PATH of RFC 6962. */
function naivePath(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const k = half(leaves.length);
  return index < k
    ? [...naivePath(index, leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
    : [...naivePath(index - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))];
}

/** SUBPROOF of RFC 6962. */
function naiveSubproof(from: number, leaves: readonly Uint8Array[], whole: boolean): Uint8Array[] {
  if (from === leaves.length) return whole ? [] : [naiveRoot(leaves)];
  const k = half(leaves.length);
  return from <= k
    ? [...naiveSubproof(from, leaves.slice(0, k), whole), naiveRoot(leaves.slice(k))]
    : [...naiveSubproof(from - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))];
}

const stored = new Map<string, Uint8Array>();
MerkleTree.empty(sha256).appendAll(LEAVES, (level, index, hash) => {
  stored.set(`${String(level)}/${String(index)}`, hash);
});
const readNode: ReadNode = (level, index) => {
  const hash = stored.get(`${String(level)}/${String(index)}`);
  if (!hash) throw new Error(`no node ${String(level)}/${String(index)}`);
  return hash;
};

/** The tree's size and two numbers below it. */
const places = fc
  .integer({ min: 1, max: SIZE_MAX })
  .chain((size) =>
    fc.tuple(fc.constant(size), fc.nat({ max: size - 1 }), fc.nat({ max: size - 1 })),
  );

/** Every way in which one hash list goes wrong, with the refusal it must get. */
function tampered(
  hashes: readonly Uint8Array[],
  at: number,
): [name: string, refusal: string, hashes: Uint8Array[]][] {
  const extra = sha256(Buffer.of(99));
  const cases: [string, string, Uint8Array[]][] = [
    ['added', 'WRONG_HASH_COUNT', [...hashes, extra]],
  ];
  if (hashes.length === 0) return cases;
  const place = at % hashes.length;
  const hash = hashes[place] as Uint8Array;
  const flipped = Uint8Array.from(hash, (byte, i) =>
    i === at % 32 ? byte ^ (1 << (at % 8)) : byte,
  );
  cases.push(
    ['flipped', 'ROOT_MISMATCH', hashes.with(place, flipped)],
    ['dropped', 'WRONG_HASH_COUNT', hashes.toSpliced(place, 1)],
    ['cut', 'WRONG_HASH_LENGTH', hashes.with(place, hash.slice(1))],
    ['lengthened', 'WRONG_HASH_LENGTH', hashes.with(place, Buffer.concat([hash, Buffer.of(0)]))],
  );
  if (hashes.length > 1) {
    const next = (place + 1) % hashes.length;
    const other = hashes[next] as Uint8Array;
    cases.push(['swapped', 'ROOT_MISMATCH', hashes.with(place, other).with(next, hash)]);
  }
  return cases;
}

function expectRefusals(
  hashes: readonly Uint8Array[],
  at: number,
  verify: (hashes: Uint8Array[]) => ProofVerdict,
): void {
  for (const [name, reason, wrong] of tampered(hashes, at)) {
    expect([name, verify(wrong)]).toEqual([name, { ok: false, reason }]);
  }
}

it('a growing tree has the reference root at every size, restored from its state or not', () => {
  let tree = MerkleTree.empty(sha256);
  for (let size = 0; size <= SIZE_MAX; size += 1) {
    expect(tree.root()).toEqual(naiveRoot(LEAVES.slice(0, size)));
    expect(rootAtSize(size, readNode, sha256)).toEqual(tree.root());
    expect(tree.state().length).toBeLessThanOrEqual(8 + 32 * 7);
    if (size % 3 === 0) tree = MerkleTree.restore(tree.state(), sha256);
    if (size < SIZE_MAX) tree.append(LEAVES[size] as Uint8Array);
  }
});

it('an unreadable state is refused', () => {
  const state = MerkleTree.empty(sha256).state();
  expect(() => MerkleTree.restore(state.slice(1), sha256)).toThrow(RangeError);
  expect(() => MerkleTree.restore(Buffer.concat([state, Buffer.alloc(32)]), sha256)).toThrow();
  expect(() => MerkleTree.restore(Buffer.from([255, ...state.slice(1)]), sha256)).toThrow();
  expect(() => {
    MerkleTree.empty(sha256).append(Buffer.alloc(31));
  }).toThrow(RangeError);
});

it('inclusion proofs are the reference paths and verify; nothing else does', () => {
  fc.assert(
    fc.property(places, fc.nat(), ([size, index, other], at) => {
      const hashes = proveInclusion({ index, size }, readNode, sha256);
      expect(hashes).toEqual(naivePath(index, LEAVES.slice(0, size)));
      const root = naiveRoot(LEAVES.slice(0, size));
      const leafHash = LEAVES[index] as Uint8Array;
      const claim = { index, size, leafHash, root };
      expect(verifyInclusion(claim, hashes, sha256)).toEqual({ ok: true });
      expectRefusals(hashes, at, (wrong) => verifyInclusion(claim, wrong, sha256));
      if (other !== index) {
        expect(verifyInclusion({ ...claim, index: other }, hashes, sha256).ok).toBe(false);
        const wrong = { ...claim, leafHash: LEAVES[other] as Uint8Array };
        expect(verifyInclusion(wrong, hashes, sha256).ok).toBe(false);
      }
    }),
  );
});

it('consistency proofs are the reference proofs and verify; nothing else does', () => {
  fc.assert(
    fc.property(places, fc.nat(), ([to, below], at) => {
      const from = below + 1;
      const hashes = proveConsistency({ from, to }, readNode, sha256);
      expect(hashes).toEqual(naiveSubproof(from, LEAVES.slice(0, to), true));
      const fromRoot = naiveRoot(LEAVES.slice(0, from));
      const toRoot = naiveRoot(LEAVES.slice(0, to));
      const claim = { from, to, fromRoot, toRoot };
      expect(verifyConsistency(claim, hashes, sha256)).toEqual({ ok: true });
      expectRefusals(hashes, at, (wrong) => verifyConsistency(claim, wrong, sha256));
      const foreign = { ...claim, fromRoot: sha256(fromRoot) };
      expect(verifyConsistency(foreign, hashes, sha256).ok).toBe(false);
    }),
  );
});

it('every tree is consistent with the empty one', () => {
  const claim = { from: 0, to: 3, fromRoot: naiveRoot([]), toRoot: naiveRoot(LEAVES.slice(0, 3)) };
  expect(proveConsistency(claim, readNode, sha256)).toEqual([]);
  expect(verifyConsistency(claim, [], sha256)).toEqual({ ok: true });
  const wrong = { ...claim, fromRoot: claim.toRoot };
  expect(verifyConsistency(wrong, [], sha256)).toEqual({ ok: false, reason: 'ROOT_MISMATCH' });
});

it('range proofs verify for the very leaves and place; nothing else does', () => {
  fc.assert(
    fc.property(places, fc.nat(), ([size, a, b], at) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b) + 1];
      const leafHashes = LEAVES.slice(start, end);
      const hashes = proveRange({ start, end, size }, readNode, sha256);
      const root = naiveRoot(LEAVES.slice(0, size));
      const claim = { start, size, leafHashes, root };
      expect(verifyRange(claim, hashes, sha256)).toEqual({ ok: true });
      expectRefusals(hashes, at, (wrong) => verifyRange(claim, wrong, sha256));
      const place = at % leafHashes.length;
      for (const wrong of [
        leafHashes.toSpliced(place, 1),
        leafHashes.toSpliced(place, 0, leafHashes[place] as Uint8Array),
        leafHashes.with(place, sha256(leafHashes[place] as Uint8Array)),
      ]) {
        expect(verifyRange({ ...claim, leafHashes: wrong }, hashes, sha256).ok).toBe(false);
      }
      expect(verifyRange({ ...claim, start: start + 1 }, hashes, sha256).ok).toBe(false);
    }),
  );
});

it.each([
  [{ index: 3, size: 3 }],
  [{ index: -1, size: 3 }],
  [{ index: 0.5, size: 3 }],
  [{ index: 0, size: 2 ** 60 }],
])('no leaf is at %j', (place) => {
  const claim = { ...place, leafHash: Buffer.alloc(32), root: Buffer.alloc(32) };
  expect(verifyInclusion(claim, [], sha256)).toEqual({ ok: false, reason: 'OUTSIDE_TREE' });
  expect(() => proveInclusion(place, readNode, sha256)).toThrow(RangeError);
});

it('no tree shrinks and no range is empty or outside', () => {
  const root = Buffer.alloc(32);
  const shrinking = { from: 3, to: 2, fromRoot: root, toRoot: root };
  expect(verifyConsistency(shrinking, [], sha256)).toEqual({ ok: false, reason: 'OUTSIDE_TREE' });
  expect(() => proveConsistency(shrinking, readNode, sha256)).toThrow(RangeError);
  const outside = { start: 2, size: 2, leafHashes: [root], root };
  expect(verifyRange(outside, [], sha256)).toEqual({ ok: false, reason: 'OUTSIDE_TREE' });
  expect(verifyRange({ ...outside, leafHashes: [] }, [], sha256).ok).toBe(false);
  expect(() => proveRange({ start: 1, end: 1, size: 2 }, readNode, sha256)).toThrow(RangeError);
});

it('a leaf hash or root of another length is refused', () => {
  const long = Buffer.alloc(33);
  const claim = { index: 0, size: 1, leafHash: long, root: long };
  expect(verifyInclusion(claim, [], sha256)).toEqual({ ok: false, reason: 'WRONG_HASH_LENGTH' });
  const pair = { from: 1, to: 1, fromRoot: long, toRoot: long };
  expect(verifyConsistency(pair, [], sha256)).toEqual({ ok: false, reason: 'WRONG_HASH_LENGTH' });
});

it('a tree goes on in memory of its own: what it was restored from stays as it is', () => {
  const tree = MerkleTree.empty(sha256);
  tree.appendAll(LEAVES.slice(0, 3));
  // A Buffer's slice() is a view, a Uint8Array's is a copy.
  const state = Buffer.from(tree.state());
  const before = Buffer.from(tree.state());
  const restored = MerkleTree.restore(state, sha256);
  restored.appendAll(LEAVES.slice(3, 8));
  expect(state).toEqual(before);
  tree.appendAll(LEAVES.slice(3, 8));
  expect(restored.root()).toEqual(tree.root());
});

it('a root stays what it was while its tree grows', () => {
  const tree = MerkleTree.empty(sha256);
  tree.appendAll(LEAVES.slice(0, 1));
  const root = tree.root();
  tree.appendAll(LEAVES.slice(1, 4));
  expect(root).toEqual(naiveRoot(LEAVES.slice(0, 1)));
});
