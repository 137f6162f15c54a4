// Tiles after c2sp.org/tlog-tiles: 256 hashes of one level side by side.
// Only every eighth level of the tree is stored; the seven between are
// hashed again from a tile, which costs less than keeping them.
import { hashesOf } from './merkle-tree';
import { HASH_BYTES, hashNode, type Sha256 } from './tree-hash';
import { nodesOfSpan, type NodePlace, type ReadNode, type Span } from './tree-spans';

/** Levels of the tree from one tile level to the next. */
export const TILE_HEIGHT = 8;
/** Hashes of a full tile. */
export const TILE_WIDTH = 2 ** TILE_HEIGHT;

/**
 * Tile `index` (from the left) of tile level `level`: 0 for leaf hashes, 1 for nodes over 256, …
 */
export interface Tile {
  readonly level: number;
  readonly index: number;
}

/** Where in a tile the hashes stand that a node is made of. */
export interface TilePlace {
  readonly tile: Tile;
  /** Number of the first hash in the tile. */
  readonly first: number;
  /** Number of hashes: a power of two; 1 means that the node itself is stored. */
  readonly count: number;
}

/** Bytes of a tile, 32 for each hash that it has so far. */
export type ReadTile = (tile: Tile) => Uint8Array;

/** The tile, and the hashes in it, from which a complete node is computed. */
export function tilePlaceOf(node: NodePlace): TilePlace {
  const count = 2 ** (node.level % TILE_HEIGHT);
  const at = node.index * count;
  const tile = {
    level: Math.floor(node.level / TILE_HEIGHT),
    index: Math.floor(at / TILE_WIDTH),
  };
  return { tile, first: at % TILE_WIDTH, count };
}

/** True when the nodes of a tree level are stored in tiles: levels 0, 8, 16, … */
export function isTileLevel(level: number): boolean {
  return level % TILE_HEIGHT === 0;
}

/** Number of hashes that a tile has in a tree of `size` leaves: 0 to 256. */
export function tileWidth(tile: Tile, size: number): number {
  const hashCount = Math.floor(size / TILE_WIDTH ** tile.level) - tile.index * TILE_WIDTH;
  return Math.min(TILE_WIDTH, Math.max(0, hashCount));
}

/** Path of a tile after c2sp.org/tlog-tiles, such as `tile/0/x001/x234/067.p/8`. */
export function tilePath(tile: Tile, width: number): string {
  const thousands: string[] = [];
  for (let rest = tile.index; rest > 0 || thousands.length === 0; rest = Math.floor(rest / 1000)) {
    thousands.unshift(String(rest % 1000).padStart(3, '0'));
  }
  const index = thousands.map((part, at) => (at < thousands.length - 1 ? `x${part}` : part));
  const partial = width < TILE_WIDTH ? `.p/${String(width)}` : '';
  return `tile/${String(tile.level)}/${index.join('/')}${partial}`;
}

/**
 * Every tile, once, that the hashes of these spans are computed from: what to load before a proof.
 */
export function tilesOfSpans(spans: readonly Span[]): Tile[] {
  const tiles = new Map<string, Tile>();
  for (const node of spans.flatMap(nodesOfSpan)) {
    const { tile } = tilePlaceOf(node);
    tiles.set(`${String(tile.level)}/${String(tile.index)}`, tile);
  }
  return [...tiles.values()];
}

/** Reads nodes from tiles. It throws an Error that names the tile when a tile is too short. */
export function tileNodeReader(readTile: ReadTile, sha256: Sha256): ReadNode {
  return (level, index) => {
    const { tile, first, count } = tilePlaceOf({ level, index });
    const bytes = readTile(tile).subarray(first * HASH_BYTES, (first + count) * HASH_BYTES);
    if (bytes.length !== count * HASH_BYTES) {
      throw new Error(
        `${tilePath(tile, TILE_WIDTH)} has no hashes ${String(first)} to ` +
          `${String(first + count - 1)}; rebuild the customer's tiles`,
      );
    }
    return rootOfPerfect(hashesOf(bytes), sha256);
  };
}

/** Root over 2^n hashes. */
function rootOfPerfect(hashes: readonly Uint8Array[], sha256: Sha256): Uint8Array {
  let row = hashes;
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at + 1 < row.length; at += 2) {
      above.push(hashNode(row[at] as Uint8Array, row[at + 1] as Uint8Array, sha256));
    }
    row = above;
  }
  return row[0] as Uint8Array;
}
