// Runs the writer inside its thread: connections, messages, and the end of the
// process when a commit fails in a way that leaves unknown what is on disk.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { AppendRequest } from './append-messages';
import type { ThreadData } from './embedded-options';
import { openLogForWriting } from './log-database';
import { LogWriter } from './log-writer';
import { SharedPositions } from './shared-positions';
import { StreamHeads } from './stream-heads';
import { StreamIndex } from './stream-index';
import { TailFinder } from './tail-finder';

/** Starts serving; `commit` makes a transaction durable (a test's may die before or after). */
export function runLogWriter(commit: (database: DatabaseSyncInstance) => void): void {
  const port = parentPort;
  if (!port) throw new Error('the log writer runs in a worker thread');
  const data = workerData as ThreadData;
  const positions = new SharedPositions(data.shared);
  const database = openLogForWriting(data.dataDir, data.checkpointPages);
  const index = StreamIndex.openForReading(data.dataDir);
  const heads = new StreamHeads(index, positions, data.headsCachedMax);
  const finder = new TailFinder(database, index, positions);
  const writer = new LogWriter({
    database,
    heads,
    positions,
    unindexedEventsMax: data.unindexedEventsMax,
    commit,
    findPosition: (stream, revision) => finder.find(stream, revision),
  });
  port.on('message', (request: AppendRequest | 'close') => {
    if (request === 'close') {
      index.close();
      database.close();
      port.close();
      return;
    }
    port.postMessage(writer.write(request));
  });
  port.postMessage('ready');
}
