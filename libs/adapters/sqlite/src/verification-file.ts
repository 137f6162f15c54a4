// verification.db: what the verifier keeps behind the log. Deleted at will and rebuilt by replay; a
// file of another store or layout is begun anew.
import { LOG_START, type Position } from '@deltabook/application/threads';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { RECORD_TABLES } from './record-pages';

const LAYOUT = 3;
const BUSY_WAIT_MS = 5_000;
const CHECKPOINT_PAGES = 10_000;
const CACHE_KIB = 32 * 1024;

const TABLES =
  'CREATE TABLE state (layout INTEGER NOT NULL, store_id TEXT NOT NULL, position TEXT NOT NULL);' +
  'CREATE TABLE customer (no INTEGER PRIMARY KEY,' +
  ' reference TEXT NOT NULL UNIQUE COLLATE NOCASE, tenant TEXT NOT NULL,' +
  ' environment TEXT NOT NULL, revision INTEGER NOT NULL, sequence INTEGER NOT NULL,' +
  ' balance_nano TEXT NOT NULL, receipt_id TEXT NOT NULL, recorded_at TEXT NOT NULL,' +
  ' tree BLOB NOT NULL, sealed INTEGER NOT NULL, seal_index INTEGER, seal_text TEXT,' +
  ' signed TEXT, failure TEXT, fenced INTEGER NOT NULL);' +
  'CREATE INDEX fenced_customer ON customer (fenced) WHERE fenced = 1;' +
  'CREATE TABLE seal_log (no INTEGER PRIMARY KEY, tenant TEXT NOT NULL,' +
  ' environment TEXT NOT NULL, revision INTEGER NOT NULL, tree BLOB NOT NULL,' +
  ' head_size INTEGER, head_note TEXT, UNIQUE (tenant, environment));' +
  // Hashes of a level from `first` on, within one tile; customers' trees have positive numbers.
  'CREATE TABLE hashes (tree INTEGER NOT NULL, level INTEGER NOT NULL, first INTEGER NOT NULL,' +
  ' bytes BLOB NOT NULL, PRIMARY KEY (tree, level, first)) WITHOUT ROWID;' +
  // Where receipts lie, in sorted runs.
  RECORD_TABLES;

export const verificationFile = (dataDir: string): string => join(dataDir, 'verification.db');

/** Connection of the one verifier of a DATA_DIR; the file has its tables afterwards. */
export function openVerification(dataDir: string, storeId: string): DatabaseSyncInstance {
  const file = verificationFile(dataDir);
  if (!isOf(file, storeId)) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  }
  const database = new DatabaseSync(file, { timeout: BUSY_WAIT_MS });
  // Not FULL: what a crash loses is verified again.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec(
    `PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA cache_size = -${CACHE_KIB}`,
  );
  const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as {
    tables: number;
  };
  if (tables > 0) return database;
  database.exec(`BEGIN IMMEDIATE;${TABLES}`);
  const insert = database.prepare('INSERT INTO state VALUES (?, ?, ?)');
  insert.run(LAYOUT, storeId, LOG_START.toString());
  database.exec('COMMIT');
  return database;
}

export function openVerificationForReading(file: string): DatabaseSyncInstance {
  return new DatabaseSync(file, { readOnly: true, timeout: BUSY_WAIT_MS });
}

export function readPosition(database: DatabaseSyncInstance): Position {
  const row = database.prepare('SELECT position FROM state').get() as { position: string };
  return BigInt(row.position);
}

/** True when the open file has this layout and is of that store. */
export function isOfStore(database: DatabaseSyncInstance, storeId: string): boolean {
  const tables = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'state'");
  if (tables.get() === undefined) return false;
  const select = database.prepare('SELECT 1 FROM state WHERE layout = ? AND store_id = ?');
  return select.get(LAYOUT, storeId) !== undefined;
}

function isOf(file: string, storeId: string): boolean {
  let database: DatabaseSyncInstance | undefined;
  try {
    database = new DatabaseSync(file, { timeout: BUSY_WAIT_MS });
    return isOfStore(database, storeId);
  } catch {
    // No database at all: there is nothing to use.
    return false;
  } finally {
    database?.close();
  }
}
