// stream-index.db: which positions of the log belong to a stream. Written behind the log, in
// one small row for each touched stream; lost or foreign, it is built again from the log.
import { NO_STREAM } from '@deltabook/application/threads';
import {
  DatabaseSync,
  type DatabaseSyncInstance,
  type StatementSyncInstance,
} from '@photostructure/sqlite';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Positions in one block: a stream of n events is found in O(log n), a flush rewrites one block.
 */
const BLOCK_POSITIONS_MAX = 128;
const FORMAT = 1;

/** Positions of consecutive revisions of one stream. */
export interface Run {
  readonly firstRevision: number;
  readonly positions: number[];
}

/** Revision of a run's last event. */
export const lastRevisionOf = ({ firstRevision, positions }: Run): number =>
  firstRevision + positions.length - 1;

interface BlockRow {
  readonly first_revision: number;
  readonly positions: Uint8Array;
}

const runOf = (row: BlockRow): Run => ({
  firstRevision: row.first_revision,
  positions: decode(row.positions),
});

export class StreamIndex {
  private readonly numberOf: StatementSyncInstance;
  private readonly addStream: StatementSyncInstance;
  private readonly blockAt: StatementSyncInstance;
  private readonly blocksOf: StatementSyncInstance;
  private readonly putBlock: StatementSyncInstance;
  private readonly putPosition: StatementSyncInstance;

  private constructor(private readonly database: DatabaseSyncInstance) {
    const prepare = (sql: string): StatementSyncInstance => database.prepare(sql);
    this.numberOf = prepare('SELECT no FROM stream WHERE name = ?');
    this.addStream = prepare('INSERT INTO stream (name) VALUES (?) RETURNING no');
    this.blockAt = prepare(
      'SELECT first_revision, positions FROM block WHERE stream_no = ? AND first_revision <= ?' +
        ' ORDER BY first_revision DESC LIMIT 1',
    );
    this.blocksOf = prepare(
      'SELECT first_revision, positions FROM block WHERE stream_no = ? ORDER BY first_revision',
    );
    this.putBlock = prepare('INSERT OR REPLACE INTO block VALUES (?, ?, ?)');
    this.putPosition = prepare('UPDATE progress SET position = ?');
  }

  /** For the one thread that writes it; made anew when it is missing or of another store. */
  static openForWriting(dataDir: string, storeId: string): StreamIndex {
    const file = indexFile(dataDir);
    let database = new DatabaseSync(file, { timeout: 5_000 });
    if (!isUsable(database, storeId)) {
      database.close();
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
      database = new DatabaseSync(file, { timeout: 5_000 });
      create(database, storeId);
    }
    // Not FULL: what a crash loses is read again from the log.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    return new StreamIndex(database);
  }

  static openForReading(dataDir: string): StreamIndex {
    return new StreamIndex(
      new DatabaseSync(indexFile(dataDir), { readOnly: true, timeout: 5_000 }),
    );
  }

  get position(): number {
    const row = this.database.prepare('SELECT position FROM progress').get();
    return (row as { position: number } | undefined)?.position ?? 0;
  }

  /** The run that holds `revision`, or the last one before it; undefined for an unknown stream. */
  runAt(stream: string, revision: number): Run | undefined {
    const known = this.numberOf.get(stream) as { no: number } | undefined;
    if (!known) return undefined;
    const row = this.blockAt.get(known.no, revision) as BlockRow | undefined;
    return row && runOf(row);
  }

  /** All positions of a stream, in order of revision; none for an unknown one. */
  positionsOf(stream: string): number[] {
    const known = this.numberOf.get(stream) as { no: number } | undefined;
    const blocks = known ? (this.blocksOf.all(known.no) as unknown as BlockRow[]) : [];
    return blocks.flatMap((row) => runOf(row).positions);
  }

  /** The run that ends a stream; undefined for an unknown one. */
  lastRunOf(stream: string): Run | undefined {
    return this.runAt(stream, Number.MAX_SAFE_INTEGER);
  }

  /** Last indexed revision of a stream; NO_STREAM when it has none. */
  headOf(stream: string): number {
    const run = this.lastRunOf(stream);
    return run ? lastRevisionOf(run) : NO_STREAM;
  }

  /**
   * Adds runs in one transaction, and with the last ones the position up to which nothing is
   * missing; a crash in between leaves some that are added once more.
   */
  add(runs: Iterable<readonly [stream: string, run: Run]>, position?: number): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      for (const [stream, run] of runs) this.addRun(stream, run);
      if (position !== undefined) this.putPosition.run(position);
      this.database.exec('COMMIT');
    } catch (error) {
      // SQLite may have rolled back by itself when the disk was full.
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  private addRun(stream: string, run: Run): void {
    const known = this.numberOf.get(stream) ?? this.addStream.get(stream);
    const { no } = known as unknown as { no: number };
    const row = this.blockAt.get(no, run.firstRevision) as BlockRow | undefined;
    const last = row && runOf(row);
    // A run may repeat what is there already (after a crash): it simply takes its place.
    let block: Run = { firstRevision: run.firstRevision, positions: [] };
    if (last && run.firstRevision < last.firstRevision + BLOCK_POSITIONS_MAX) {
      const kept = last.positions.slice(0, run.firstRevision - last.firstRevision);
      block = { firstRevision: last.firstRevision, positions: kept };
    }
    for (const position of run.positions) {
      if (block.positions.length === BLOCK_POSITIONS_MAX) {
        this.putBlock.run(no, block.firstRevision, encode(block.positions));
        block = { firstRevision: block.firstRevision + BLOCK_POSITIONS_MAX, positions: [] };
      }
      block.positions.push(position);
    }
    this.putBlock.run(no, block.firstRevision, encode(block.positions));
  }

  close(): void {
    this.database.close();
  }
}

const indexFile = (dataDir: string): string => join(dataDir, 'stream-index.db');

function isUsable(database: DatabaseSyncInstance, storeId: string): boolean {
  try {
    const row = database.prepare('SELECT format, store_id FROM progress').get();
    const progress = row as { format: number; store_id: string } | undefined;
    return progress?.format === FORMAT && progress.store_id === storeId;
  } catch {
    // No such table, or no database at all: either way there is nothing to use.
    return false;
  }
}

function create(database: DatabaseSyncInstance, storeId: string): void {
  database.exec('PRAGMA journal_mode = WAL');
  database.exec(
    'CREATE TABLE stream (no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);' +
      'CREATE TABLE block (stream_no INTEGER NOT NULL, first_revision INTEGER NOT NULL,' +
      ' positions BLOB NOT NULL, PRIMARY KEY (stream_no, first_revision)) WITHOUT ROWID;' +
      'CREATE TABLE progress (format INTEGER, store_id TEXT, position INTEGER)',
  );
  database.prepare('INSERT INTO progress VALUES (?, ?, 0)').run(FORMAT, storeId);
}

/** Differences between positions as variable-length integers, 7 bits a byte (LEB128). */
function encode(positions: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let previous = 0;
  for (const position of positions) {
    let rest = position - previous;
    previous = position;
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

function decode(bytes: Uint8Array): number[] {
  const positions: number[] = [];
  let previous = 0;
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte % 128) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    previous += value;
    positions.push(previous);
    value = 0;
    scale = 1;
  }
  return positions;
}
