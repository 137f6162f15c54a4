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

interface Fresh {
  readonly level: number;
  readonly from: number;
  readonly hashes: Uint8Array[];
}

export class GrowingTree {
  private readonly tree: MerkleTree;
  /** By tile level. */
  private fresh: Fresh[] = [];

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

  /** Hashes since the last call, which the caller commits. */
  takeFresh(): readonly NewHashes[] {
    const taken = this.fresh;
    this.fresh = [];
    return taken;
  }

  private keep(level: number, index: number, hash: Uint8Array): void {
    const known = this.fresh[level];
    if (known) known.hashes.push(hash);
    // Lower levels come first, so the array has no holes.
    else this.fresh[level] = { level, from: index, hashes: [hash] };
  }

  private tile(tile: Tile): Uint8Array {
    const start = tile.index * TILE_WIDTH;
    const fresh = this.fresh[tile.level];
    const first = fresh ? Math.max(0, fresh.from - start) : TILE_WIDTH;
    const bytes = new Uint8Array(TILE_WIDTH * HASH_BYTES);
    let count = 0;
    if (first > 0) {
      const stored = this.parts.storedTile(tile).subarray(0, first * HASH_BYTES);
      bytes.set(stored);
      count = stored.length / HASH_BYTES;
    }
    const skipped = fresh ? Math.max(0, start - fresh.from) : 0;
    for (const hash of fresh?.hashes.slice(skipped, skipped + TILE_WIDTH - first) ?? []) {
      bytes.set(hash, count * HASH_BYTES);
      count += 1;
    }
    return bytes.subarray(0, count * HASH_BYTES);
  }
}
