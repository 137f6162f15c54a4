// A Merkle tree that grows while its older hashes lie in the store: keeps what is new until it is
// committed, and can say its root at any earlier size.
import {
  HASH_BYTES,
  isTileLevel,
  MerkleTree,
  rootAtSize,
  TILE_HEIGHT,
  TILE_WIDTH,
  tileNodeReader,
  type ReadTile,
  type Sha256,
  type Tile,
} from '@deltabook/integrity';
import type { NewHashes } from '../ports/verification-store.port';

export interface GrowingTreeParts {
  /** MerkleTree.state(); undefined for an empty tree. */
  readonly state: Uint8Array | undefined;
  /** Hashes that were committed, 32 bytes each. */
  readonly storedTile: ReadTile;
  readonly sha256: Sha256;
}

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;
/** Room for the first new hashes of a level; doubled when it is not enough. */
const FRESH_ROOM_BYTES = 2 * HASH_BYTES;

/** New hashes of one level, in one piece that is filled anew after each commit. */
class Fresh {
  private bytes = new Uint8Array(FRESH_ROOM_BYTES);
  private end = 0;
  private from = 0;

  constructor(private readonly level: number) {}

  get isEmpty(): boolean {
    return this.end === 0;
  }

  add(index: number, hash: Uint8Array): void {
    if (this.end === 0) this.from = index;
    if (this.end === this.bytes.length) {
      const roomier = new Uint8Array(2 * this.bytes.length);
      roomier.set(this.bytes);
      this.bytes = roomier;
    }
    this.bytes.set(hash, this.end);
    this.end += HASH_BYTES;
  }

  get hashes(): NewHashes {
    return { level: this.level, from: this.from, bytes: this.bytes.subarray(0, this.end) };
  }

  clear(): void {
    this.end = 0;
  }
}

export class GrowingTree {
  private readonly tree: MerkleTree;
  /** By tile level. */
  private readonly fresh: Fresh[] = [];

  constructor(private readonly parts: GrowingTreeParts) {
    const { state, sha256 } = parts;
    this.tree = state ? MerkleTree.restore(state, sha256) : MerkleTree.empty(sha256);
  }

  get size(): number {
    return this.tree.size;
  }

  append(leafHash: Uint8Array): void {
    this.tree.append(leafHash, (level, index, hash) => {
      if (isTileLevel(level)) this.keep(level / TILE_HEIGHT, index, hash);
    });
  }

  root(): Uint8Array {
    return this.tree.root();
  }

  state(): Uint8Array {
    return this.tree.state();
  }

  /** Root when the tree had `size` leaves, 1 … size. */
  rootAt(size: number): Uint8Array {
    if (size === this.size) return this.root();
    const { sha256 } = this.parts;
    return rootAtSize(
      size,
      tileNodeReader((tile) => this.tile(tile), sha256),
      sha256,
    );
  }

  /** Hashes since the last call, which the caller commits; good until the next append. */
  takeFresh(): readonly NewHashes[] {
    const taken: NewHashes[] = [];
    for (const one of this.fresh) {
      if (!one.isEmpty) taken.push(one.hashes);
      one.clear();
    }
    return taken;
  }

  private keep(level: number, index: number, hash: Uint8Array): void {
    // Lower levels come first, so the array has no holes.
    this.fresh[level] ??= new Fresh(level);
    this.fresh[level].add(index, hash);
  }

  private tile(tile: Tile): Uint8Array {
    const start = tile.index * TILE_WIDTH;
    const fresh = this.fresh[tile.level]?.hashes;
    const isFresh = fresh !== undefined && fresh.bytes.length > 0;
    const first = isFresh ? Math.max(0, fresh.from - start) : TILE_WIDTH;
    const bytes = new Uint8Array(TILE_BYTES);
    let end = 0;
    if (first > 0) {
      const stored = this.parts.storedTile(tile).subarray(0, first * HASH_BYTES);
      bytes.set(stored);
      end = stored.length;
    }
    if (isFresh) {
      const skipped = Math.max(0, start - fresh.from) * HASH_BYTES;
      const part = fresh.bytes.subarray(skipped, skipped + TILE_BYTES - end);
      bytes.set(part, end);
      end += part.length;
    }
    return bytes.subarray(0, end);
  }
}
