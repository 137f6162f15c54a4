import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { LeafRun } from './leaf-run';
import { MerkleTree } from './merkle-tree';
import { proveRange } from './range-proof';
import type { ReadNode } from './tree-spans';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const leaves = Array.from({ length: 70 }, (_, i) => sha256(Uint8Array.of(i)));

function treeOf(size: number): { root: Uint8Array; readNode: ReadNode } {
  const nodes = new Map<string, Uint8Array>();
  const tree = MerkleTree.empty(sha256);
  tree.appendAll(leaves.slice(0, size), (level, index, hash) =>
    nodes.set(`${level}/${index}`, hash),
  );
  const readNode: ReadNode = (level, index) => nodes.get(`${level}/${index}`) as Uint8Array;
  return { root: tree.root(), readNode };
}

const runs = fc
  .tuple(fc.integer({ min: 1, max: leaves.length }), fc.nat(), fc.nat())
  .map(([size, a, b]) => {
    const start = a % size;
    return { size, start, end: start + 1 + (b % (size - start)) };
  });

describe('a run of leaves', () => {
  it('with the hashes of its range proof leads to the root of the tree', () => {
    fc.assert(
      fc.property(runs, ({ size, start, end }) => {
        const { root, readNode } = treeOf(size);
        const run = new LeafRun(start, sha256);
        for (const leaf of leaves.slice(start, end)) run.append(leaf);
        const outside = proveRange({ start, end, size }, readNode, sha256);
        expect(run.root(size, outside)).toEqual(root);
      }),
    );
  });

  it('leads elsewhere when any one leaf is another', () => {
    fc.assert(
      fc.property(runs, fc.nat(), ({ size, start, end }, at) => {
        const { root, readNode } = treeOf(size);
        const altered = start + (at % (end - start));
        const run = new LeafRun(start, sha256);
        for (let i = start; i < end; i += 1) {
          run.append(i === altered ? sha256(leaves[i] as Uint8Array) : (leaves[i] as Uint8Array));
        }
        const outside = proveRange({ start, end, size }, readNode, sha256);
        expect(run.root(size, outside)).not.toEqual(root);
      }),
    );
  });

  it('needs a leaf, a tree that holds it, and the hashes outside it', () => {
    const run = new LeafRun(2, sha256);
    expect(() => run.root(5, [])).toThrow(RangeError);
    run.append(leaves[2] as Uint8Array);
    expect(() => run.root(2, [])).toThrow(RangeError);
    expect(() => run.root(5, [])).toThrow('the run needs 3 hashes outside it');
  });
});
