// Files of the read models: each build is a file of its own, numbered upwards, so that a new one
// can grow beside the one that is served. All of them can be deleted at any time.
import {
  DatabaseSync,
  type DatabaseSyncInstance,
  type StatementSyncInstance,
} from '@photostructure/sqlite';
import { LOG_START, type Position } from '@deltabook/application/threads';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKPOINT_TABLES } from './checkpoint-table';
import { CUSTOMER_TABLES } from './customer-table';
import { RECORD_TABLES } from './record-pages';

/** Format of the tables: rows of another one cannot be read by this build. */
const LAYOUT = 6;
/**
 * What the folds put into the rows. Raise it when a fold changes: rows of a lower one are served
 * and kept current while they are built anew beside.
 */
export const FOLD_VERSION = 2;

const NAME = /^read-models-([1-9][0-9]{0,14})\.db$/;
const CACHE_KIB = 64 * 1024;
const BUSY_WAIT_MS = 5_000;

export const readModelFile = (dataDir: string, generation: number): string =>
  join(dataDir, `read-models-${generation}.db`);

export interface ReadModelState {
  readonly storeId: string;
  readonly foldVersion: number;
  readonly position: Position;
  /** True once the rows have caught up with the log for the first time. */
  readonly complete: boolean;
}

/** Generations that have a file, highest first. */
export function generations(dataDir: string): number[] {
  const numbers = readdirSync(dataDir).map((name) => Number(NAME.exec(name)?.[1] ?? 0));
  return numbers.filter((n) => n > 0).sort((a, b) => b - a);
}

export function removeReadModel(dataDir: string, generation: number): void {
  const file = readModelFile(dataDir, generation);
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}

/** State of a file; undefined when it is no read model of this layout and store. */
export function inspectReadModel(file: string, storeId: string): ReadModelState | undefined {
  let database: DatabaseSyncInstance | undefined;
  try {
    database = new DatabaseSync(file, { timeout: BUSY_WAIT_MS });
    const state = new StateRow(database).read();
    return state.storeId === storeId ? state : undefined;
  } catch {
    // No such table, another layout, or no database at all: there is nothing to use.
    return undefined;
  } finally {
    database?.close();
  }
}

/** Connection of the one projector that writes the file; makes the tables when they are missing. */
export function openForProjecting(
  file: string,
  storeId: string,
  checkpointPages: number,
): DatabaseSyncInstance {
  const database = new DatabaseSync(file, { timeout: BUSY_WAIT_MS });
  // Not FULL: what a crash loses is projected again. One leaf holds one page of keys.
  database.exec('PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec(
    `PRAGMA wal_autocheckpoint = ${checkpointPages}; PRAGMA cache_size = -${CACHE_KIB}`,
  );
  const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as {
    tables: number;
  };
  if (tables === 0) createTables(database, storeId);
  return database;
}

export function openForQuerying(file: string): DatabaseSyncInstance {
  return new DatabaseSync(file, { readOnly: true, timeout: BUSY_WAIT_MS });
}

function createTables(database: DatabaseSyncInstance, storeId: string): void {
  database.exec('BEGIN IMMEDIATE');
  database.exec(
    `${CUSTOMER_TABLES}${CHECKPOINT_TABLES}${RECORD_TABLES}` +
      'CREATE TABLE directory_event (stream TEXT NOT NULL, revision INTEGER NOT NULL,' +
      ' position TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL,' +
      ' PRIMARY KEY (stream, revision)) WITHOUT ROWID;' +
      'CREATE TABLE state (layout INTEGER NOT NULL, fold_version INTEGER NOT NULL,' +
      ' store_id TEXT NOT NULL, position TEXT NOT NULL, complete INTEGER NOT NULL)',
  );
  database
    .prepare('INSERT INTO state VALUES (?, ?, ?, ?, 0)')
    .run(LAYOUT, FOLD_VERSION, storeId, LOG_START.toString());
  database.exec('COMMIT');
}

/** Another process has written rows of this file: both would go wrong. */
export class ProjectedTwiceError extends Error {
  readonly code = 'PROJECTED_TWICE';
  constructor() {
    super('another process projects into the same read models; give each its own DATA_DIR');
  }
}

/** The one row that says how far the rows are; written in the transaction that writes them. */
export class StateRow {
  private readonly select: StatementSyncInstance;
  private readonly update: StatementSyncInstance;

  constructor(database: DatabaseSyncInstance) {
    this.select = database.prepare(
      `SELECT store_id, fold_version, position, complete FROM state WHERE layout = ${LAYOUT}`,
    );
    this.update = database.prepare(
      'UPDATE state SET position = ?, complete = ? WHERE position = ?',
    );
  }

  read(): ReadModelState {
    const row = this.select.get() as
      { store_id: string; fold_version: number; position: string; complete: number } | undefined;
    if (!row) throw new Error('read models of another layout');
    return {
      storeId: row.store_id,
      foldVersion: row.fold_version,
      position: BigInt(row.position),
      complete: row.complete === 1,
    };
  }

  /** Moves on from `before`; throws ProjectedTwiceError when someone else has. */
  advance(before: Position, position: Position, complete: boolean): void {
    const { changes } = this.update.run(position.toString(), complete ? 1 : 0, before.toString());
    if (changes !== 1) throw new ProjectedTwiceError();
  }
}
