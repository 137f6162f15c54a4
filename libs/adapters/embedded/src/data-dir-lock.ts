// Keeps a second process off a DATA_DIR. SQLite's exclusive lock is a
// lock of the operating system: the kernel lets it go when the process
// ends, however it ends, so nothing stale is ever left behind.
import { DatabaseSync } from '@photostructure/sqlite';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Another process holds the folder. */
export class DataDirHeldError extends Error {
  readonly code = 'DATA_DIR_HELD';
  constructor(dataDir: string) {
    super(`DATA_DIR ${dataDir} is used by another process; stop it or choose another DATA_DIR`);
  }
}

/** Takes the lock or throws DataDirHeldError; the returned function lets it go. */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(dataDir, 'lock.db'), { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch {
    database.close();
    throw new DataDirHeldError(dataDir);
  }
  return () => {
    database.exec('ROLLBACK');
    database.close();
  };
}
