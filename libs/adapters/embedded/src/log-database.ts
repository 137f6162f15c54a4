// log.db: every event of every stream in the order in which it became durable. One table, found by
// position alone: a secondary index would cost four fifths of the append rate.
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

/** Format of log.db; a store of a newer one is refused. */
const LOG_FORMAT = 1;

export class NewerFormatError extends Error {
  readonly code = 'NEWER_FORMAT';
  constructor(file: string, format: number) {
    super(`${file} has format ${format}, this build knows ${LOG_FORMAT}; run a newer version`);
  }
}

export const logFile = (dataDir: string): string => join(dataDir, 'log.db');

/**
 * Makes log.db when it is missing, checks its format, and returns its store id and last position.
 */
export function prepareLog(dataDir: string): { readonly storeId: string; readonly last: number } {
  // A process that just let the folder go may still be closing its connections.
  const database = new DatabaseSync(logFile(dataDir), { timeout: 5_000 });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE IF NOT EXISTS store (format INTEGER NOT NULL, id TEXT NOT NULL)');
  database.exec(
    'CREATE TABLE IF NOT EXISTS log (position INTEGER PRIMARY KEY, stream TEXT NOT NULL,' +
      ' revision INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL)',
  );
  database.exec(
    `INSERT INTO store SELECT ${LOG_FORMAT}, '${randomUUID()}'` +
      ' WHERE NOT EXISTS (SELECT 1 FROM store)',
  );
  const store = database.prepare('SELECT format, id FROM store').get() as unknown as {
    format: number;
    id: string;
  };
  const last = lastPosition(database);
  database.close();
  if (store.format > LOG_FORMAT) throw new NewerFormatError(logFile(dataDir), store.format);
  return { storeId: store.id, last };
}

/** Greatest position stored; 0 when there is none. */
export function lastPosition(database: DatabaseSyncInstance): number {
  const row = database.prepare('SELECT max(position) AS last FROM log').get();
  return (row as { last: number | null } | undefined)?.last ?? 0;
}

/** Connection of the one writer: every commit is on disk before it returns. */
export function openLogForWriting(dataDir: string, checkpointPages: number): DatabaseSyncInstance {
  const database = new DatabaseSync(logFile(dataDir), { timeout: 5_000 });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`);
  return database;
}

/** A log's file wherever it is, such as a copy. */
export function openLogFile(file: string): DatabaseSyncInstance {
  return new DatabaseSync(file, { timeout: 5_000 });
}

/** Moves everything into the one file, so that it can be put elsewhere; nobody may have it open. */
export function settleLogFile(file: string): void {
  const database = openLogFile(file);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

/** Makes a copied log a store of its own: positions that were saved of the other mean nothing. */
export function giveNewStoreId(file: string): string {
  const database = openLogFile(file);
  const id = randomUUID();
  database.prepare('UPDATE store SET id = ?').run(id);
  database.close();
  return id;
}

/** Connection of a reader; sees what was durable when each statement began. */
export function openLogForReading(dataDir: string): DatabaseSyncInstance {
  return new DatabaseSync(logFile(dataDir), { readOnly: true, timeout: 5_000 });
}
