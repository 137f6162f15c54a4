import { createHash } from 'node:crypto';
import { MerkleTree } from './merkle-tree';
import { inclusionSpans, proveInclusion, verifyInclusion } from './inclusion-proof';
import {
  isTileLevel,
  tileNodeReader,
  tilePath,
  tilesOfSpans,
  TILE_WIDTH,
  tilePlaceOf,
  tileWidth,
  type ReadTile,
} from './tiles';
import { rootAtSize } from './tree-spans';

const SIZE = 2 * TILE_WIDTH ** 2 + 3 * TILE_WIDTH + 7;
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const leafAt = (index: number): Uint8Array => sha256(Buffer.from(String(index)));

/** Tiles as a store writes them: only the nodes of tile levels, side by side. */
const tiles = new Map<string, Uint8Array[]>();
const tree = MerkleTree.empty(sha256);
for (let index = 0; index < SIZE; index += 1) {
  tree.append(leafAt(index), (level, at, hash) => {
    if (!isTileLevel(level)) return;
    const { tile } = tilePlaceOf({ level, index: at });
    const key = tilePath(tile, TILE_WIDTH);
    tiles.set(key, [...(at % TILE_WIDTH === 0 ? [] : (tiles.get(key) ?? [])), hash]);
  });
}
const readTile: ReadTile = (tile) => Buffer.concat(tiles.get(tilePath(tile, TILE_WIDTH)) ?? []);
const readNode = tileNodeReader(readTile, sha256);

it('the root is read from tiles, also of any earlier size', () => {
  expect(rootAtSize(SIZE, readNode, sha256)).toEqual(tree.root());
  const earlier = MerkleTree.empty(sha256);
  for (let index = 0; index < 777; index += 1) earlier.append(leafAt(index));
  expect(rootAtSize(777, readNode, sha256)).toEqual(earlier.root());
});

it.each([0, 255, 256, 65_535, 65_536, 131_072, SIZE - 1])(
  'leaf %i is proven from at most a handful of tiles',
  (index) => {
    const place = { index, size: SIZE };
    const hashes = proveInclusion(place, readNode, sha256);
    const claim = { ...place, leafHash: leafAt(index), root: tree.root() };
    expect(verifyInclusion(claim, hashes, sha256)).toEqual({ ok: true });
    expect(tilesOfSpans(inclusionSpans(index, SIZE)).length).toBeLessThanOrEqual(6);
  },
);

it('a tile is as wide as the tree is large', () => {
  expect(tileWidth({ level: 0, index: 0 }, SIZE)).toBe(TILE_WIDTH);
  expect(tileWidth({ level: 0, index: 515 }, SIZE)).toBe(7);
  expect(tileWidth({ level: 0, index: 516 }, SIZE)).toBe(0);
  expect(tileWidth({ level: 1, index: 2 }, SIZE)).toBe(3);
  expect(tileWidth({ level: 2, index: 0 }, SIZE)).toBe(2);
});

it('a tile has the path of c2sp.org/tlog-tiles', () => {
  expect(tilePath({ level: 0, index: 0 }, TILE_WIDTH)).toBe('tile/0/000');
  expect(tilePath({ level: 1, index: 1_234_067 }, 8)).toBe('tile/1/x001/x234/067.p/8');
});

it('a tile that is too short is named', () => {
  expect(() => readNode(0, SIZE)).toThrow('tile/0/515 has no hashes 7 to 7');
});
