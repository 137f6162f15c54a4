// Entry of the thread that copies the log while others append to it: one long read, which no writer
// waits for, then the hash of what was written.
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, openSync, statSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { lastPosition, openLogFile, openLogForReading } from './log-database';
import type { BackupThreadData, LogBackup } from './log-backup';

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function syncFile(file: string): void {
  const descriptor = openSync(file, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

async function backUp({ dataDir, file }: BackupThreadData): Promise<LogBackup> {
  const log = openLogForReading(dataDir);
  try {
    log.prepare('VACUUM INTO ?').run(file);
  } finally {
    log.close();
  }
  syncFile(file);
  const copy = openLogFile(file);
  const position = String(lastPosition(copy));
  copy.close();
  return { position, byteCount: statSync(file).size, sha256: await sha256OfFile(file) };
}

if (!parentPort) throw new Error('the log is backed up in a worker thread');
const port = parentPort;
void backUp(workerData as BackupThreadData).then((backup) => port.postMessage(backup));
