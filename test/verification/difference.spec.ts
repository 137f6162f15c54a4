// Two parties compare histories level by level: the first difference, few requests, and a proof.
import * as fc from 'fast-check';
import {
  findDifference,
  LEVEL_NODE_COUNT_MAX,
  levelNodes,
  utf8,
  verifyDifference,
  type DifferenceProof,
  type FetchLevel,
} from '@deltabook/integrity';
import { sha256, StoredTree } from '../support/sealed-log';

/** A history of `size` leaves that leaves the common one at `parting`. */
function history(size: number, parting = size): StoredTree {
  const tree = new StoredTree();
  for (let at = 0; at < size; at += 1) {
    tree.append(sha256(utf8(at < parting ? `leaf ${at}` : `other ${at}`)));
  }
  return tree;
}

interface Search {
  readonly result: Awaited<ReturnType<typeof findDifference>>;
  readonly requestCount: number;
}

async function search(ours: StoredTree, theirs: StoredTree, lie?: FetchLevel): Promise<Search> {
  let requestCount = 0;
  const fetchLevel: FetchLevel = (request) => {
    requestCount += 1;
    expect(request.count).toBeLessThanOrEqual(LEVEL_NODE_COUNT_MAX);
    return lie?.(request) ?? Promise.resolve(levelNodes(request, theirs.readNode, sha256));
  };
  const head = { size: theirs.size, root: theirs.root() };
  const result = await findDifference({ ours, theirs: head, fetchLevel, sha256 });
  return { result, requestCount };
}

function proofOf({ result }: Search): DifferenceProof {
  if (!result.ok || result.same) throw new Error('no difference');
  expect(verifyDifference(result.proof, sha256)).toEqual({ ok: true });
  return result.proof;
}

it('finds the first leaf that differs, wherever it is, in few requests', async () => {
  const sizes = fc.integer({ min: 1, max: 1500 });
  await fc.assert(
    fc.asyncProperty(sizes, sizes, fc.nat(), async (ourSize, theirSize, seed) => {
      const parting = seed % Math.min(ourSize, theirSize);
      const found = await search(history(ourSize), history(theirSize, parting));
      const proof = proofOf(found);
      expect(proof.index).toBe(parting);
      expect(proof.theirs.leaf?.leafHash).toEqual(sha256(utf8(`other ${parting}`)));
      expect(found.requestCount).toBeLessThanOrEqual(Math.ceil(Math.log2(theirSize)) + 1);
      expect(found.requestCount).toBeLessThanOrEqual(2);
    }),
    { numRuns: 20 },
  );
});

it('finds it among twenty thousand leaves in two requests', async () => {
  const size = 20_000;
  const found = await search(history(size), history(size, 15_001));
  expect([proofOf(found).index, found.requestCount]).toEqual([15_001, 2]);
});

it('says that equal histories are the same without a request', async () => {
  const found = await search(history(700), history(700));
  expect(found).toEqual({ result: { ok: true, same: true }, requestCount: 0 });
});

it('shows where one history ends and the other goes on', async () => {
  const longer = proofOf(await search(history(5), history(600)));
  expect([longer.index, longer.ours.leaf]).toEqual([5, undefined]);
  const shorter = await search(history(600), history(5));
  expect([proofOf(shorter).index, shorter.requestCount]).toEqual([5, 0]);
  expect(proofOf(await search(history(0), history(3))).index).toBe(0);
  expect(proofOf(await search(history(3), history(0))).index).toBe(0);
});

it('notices nodes that are not those of the signed head', async () => {
  const [ours, theirs] = [history(2000), history(2000, 1500)];
  const lies: FetchLevel[] = [
    (request) => Promise.resolve(levelNodes(request, ours.readNode, sha256)),
    () => Promise.resolve([]),
    ({ count }) => Promise.resolve(Array<Uint8Array>(count).fill(new Uint8Array(31))),
  ];
  for (const lie of lies) {
    const { result } = await search(ours, theirs, lie);
    expect(result).toMatchObject({ ok: false, reason: 'NODES_MISMATCH' });
  }
});

it('accepts no other proof', async () => {
  const proof = proofOf(await search(history(900), history(1000, 321)));
  const { ours, theirs } = proof;
  if (!ours.leaf || !theirs.leaf) throw new Error('both go on');
  const refusalOf = (change: Partial<DifferenceProof>): unknown =>
    verifyDifference({ ...proof, ...change }, sha256);
  const other = sha256(utf8('other'));
  expect(refusalOf({ index: 320 })).toMatchObject({ reason: 'NOT_SHARED' });
  expect(refusalOf({ sharedRoot: other })).toMatchObject({ reason: 'NOT_SHARED' });
  expect(refusalOf({ theirs: ours })).toMatchObject({ reason: 'SAME_LEAF' });
  const { leaf: _, ...ended } = theirs;
  expect(refusalOf({ theirs: ended })).toMatchObject({ reason: 'NOT_IN_TREE' });
  const forged = { ...theirs, leaf: { ...theirs.leaf, leafHash: other } };
  expect(refusalOf({ theirs: forged })).toMatchObject({ reason: 'NOT_IN_TREE' });
});

it.each([
  { size: 10, level: 0, from: 5, count: 6 },
  { size: 10, level: 4, from: 1, count: 1 },
  { size: 5000, level: 0, from: 0, count: 513 },
  { size: 10, level: -1, from: 0, count: 1 },
  { size: 10, level: 0.5, from: 0, count: 1 },
])('has no nodes for %j', (request) => {
  expect(() => levelNodes(request, history(10).readNode, sha256)).toThrow(RangeError);
});
