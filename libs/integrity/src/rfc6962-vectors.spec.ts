// Published vectors: the eight test leaves of Certificate Transparency's reference code.
import { createHash } from 'node:crypto';
import { proveConsistency, verifyConsistency } from './consistency-proof';
import { proveInclusion, verifyInclusion } from './inclusion-proof';
import { MerkleTree } from './merkle-tree';
import { emptyRoot, hashLeaf } from './tree-hash';
import type { ReadNode } from './tree-spans';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const unhex = (text: string): Buffer => Buffer.from(text, 'hex');

const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((leaf) => hashLeaf(unhex(leaf), sha256));

const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const LEAF_1 = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7';
const NODE_2_4 = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const NODE_4_8 = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';
const LEAF_4 = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b';
const NODE_6_8 = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';
const NODE_4_6 = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a';

const nodes = new Map<string, Uint8Array>();
MerkleTree.empty(sha256).appendAll(LEAVES, (level, index, hash) => {
  nodes.set(`${String(level)}/${String(index)}`, hash);
});
const readNode: ReadNode = (level, index) => {
  const hash = nodes.get(`${String(level)}/${String(index)}`);
  if (!hash) throw new Error('no such node');
  return hash;
};

it.each(ROOTS.map((root, size) => [size, root] as const))(
  'the tree of %i leaves has root %s',
  (size, root) => {
    const tree = MerkleTree.empty(sha256);
    tree.appendAll(LEAVES.slice(0, size));
    expect(hex(tree.root())).toBe(root);
    if (size === 0) expect(hex(emptyRoot(sha256))).toBe(root);
  },
);

it.each([
  [0, 1, []],
  [0, 8, [LEAF_1, NODE_2_4, NODE_4_8]],
  [5, 8, [LEAF_4, NODE_6_8, ROOTS[4] ?? '']],
  [2, 3, [ROOTS[2] ?? '']],
  [1, 5, [ROOTS[1] ?? '', NODE_2_4, LEAF_4]],
])('leaf %i of %i has its published inclusion proof', (index, size, path) => {
  expect(proveInclusion({ index, size }, readNode, sha256).map(hex)).toEqual(path);
  const root = unhex(ROOTS[size] ?? '');
  const leafHash = LEAVES[index] ?? root;
  const verdict = verifyInclusion({ index, size, leafHash, root }, path.map(unhex), sha256);
  expect(verdict).toEqual({ ok: true });
});

it.each([
  [1, 1, []],
  [1, 8, [LEAF_1, NODE_2_4, NODE_4_8]],
  [6, 8, [NODE_4_6, NODE_6_8, ROOTS[4] ?? '']],
  [2, 5, [NODE_2_4, LEAF_4]],
])('%i to %i leaves has its published consistency proof', (from, to, path) => {
  expect(proveConsistency({ from, to }, readNode, sha256).map(hex)).toEqual(path);
  const [fromRoot, toRoot] = [unhex(ROOTS[from] ?? ''), unhex(ROOTS[to] ?? '')];
  const verdict = verifyConsistency({ from, to, fromRoot, toRoot }, path.map(unhex), sha256);
  expect(verdict).toEqual({ ok: true });
});
