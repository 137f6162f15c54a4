// Hashes of trees in verification.db: pieces of a tile while it fills, one row once it is full, so
// that a customer's one new delta costs a row of 32 bytes and not a tile of 8 KiB.
import type { NewHashes } from '@deltabook/application/threads';
import { HASH_BYTES, TILE_WIDTH, type Tile } from '@deltabook/integrity';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

interface Piece {
  readonly first: number;
  readonly bytes: Uint8Array;
}

export class TileTable {
  private readonly select: StatementSyncInstance;

  constructor(database: DatabaseSyncInstance) {
    this.select = database.prepare(
      'SELECT first, bytes FROM hashes WHERE tree = ? AND level = ? AND first >= ? AND first < ?' +
        ' ORDER BY first',
    );
  }

  /** The hashes that a tile has so far. */
  read(tree: number, { level, index }: Tile): Uint8Array {
    const start = index * TILE_WIDTH;
    const pieces = this.select.all(tree, level, start, start + TILE_WIDTH) as Piece[];
    const [only] = pieces;
    if (only && pieces.length === 1) return only.bytes;
    const bytes = new Uint8Array(TILE_BYTES);
    let end = 0;
    for (const piece of pieces) {
      const at = (piece.first - start) * HASH_BYTES;
      bytes.set(piece.bytes, at);
      end = Math.max(end, at + piece.bytes.length);
    }
    return bytes.subarray(0, end);
  }
}

export class TileWriter {
  private readonly tiles: TileTable;
  private readonly insert: StatementSyncInstance;
  private readonly clear: StatementSyncInstance;

  constructor(database: DatabaseSyncInstance) {
    this.tiles = new TileTable(database);
    this.insert = database.prepare('INSERT OR REPLACE INTO hashes VALUES (?, ?, ?, ?)');
    this.clear = database.prepare(
      'DELETE FROM hashes WHERE tree = ? AND level = ? AND first > ? AND first < ?',
    );
  }

  add(tree: number, { level, from, bytes }: NewHashes): void {
    const end = from + bytes.length / HASH_BYTES;
    for (let first = from; first < end;) {
      const start = first - (first % TILE_WIDTH);
      const next = Math.min(end, start + TILE_WIDTH);
      const piece = bytes.subarray((first - from) * HASH_BYTES, (next - from) * HASH_BYTES);
      this.insert.run(tree, level, first, piece);
      const isFilled = next === start + TILE_WIDTH;
      if (isFilled && first > start) this.join(tree, { level, index: start / TILE_WIDTH });
      first = next;
    }
  }

  /** One row in the place of a full tile's pieces. */
  private join(tree: number, tile: Tile): void {
    const bytes = this.tiles.read(tree, tile);
    const start = tile.index * TILE_WIDTH;
    this.insert.run(tree, tile.level, start, bytes);
    this.clear.run(tree, tile.level, start, start + TILE_WIDTH);
  }
}
