// A copy of the whole log as it is at one moment, made while the store is in use.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { logFile } from './log-database';

/** Pause between two looks at how much is written. */
const LOOK_MS = 250;
/** What copying is of the work; the rest is the hash of the copy. */
const COPY_SHARE = 0.8;

export interface LogBackup {
  /** Position of the last event in the copy; 0 when there is none. */
  readonly position: string;
  readonly byteCount: number;
  /** Of the file, 64 hex digits. */
  readonly sha256: string;
}

export interface BackupThreadData {
  readonly dataDir: string;
  readonly file: string;
}

export interface LogBackupOptions extends BackupThreadData {
  /** Share that is done, 0 … 1. */
  readonly onShare: (share: number) => void;
}

/**
 * Writes the log of `dataDir` into `file`, which must not exist, on a thread of its own; resolves
 * once it is on disk. Rejects with SQLite's error, such as of a full disk.
 */
export function backUpLog({ dataDir, file, onShare }: LogBackupOptions): Promise<LogBackup> {
  const workerData: BackupThreadData = { dataDir, file };
  const worker = new Worker(join(__dirname, 'log-backup.thread.js'), { workerData });
  const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const total = Math.max(1, bytesOf(logFile(dataDir)));
  const timer = setInterval(
    () => onShare(COPY_SHARE * Math.min(1, bytesOf(file) / total)),
    LOOK_MS,
  );
  const done = new Promise<LogBackup>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return done.finally(() => clearInterval(timer));
}
