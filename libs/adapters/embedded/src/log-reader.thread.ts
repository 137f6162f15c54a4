// Entry of the reader thread: catches the stream index up,
// then serves reads and writes the index behind.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { ThreadData } from './embedded-options';
import { openLogForReading } from './log-database';
import { LogReader } from './log-reader';
import type { ReaderMessage, ReadReply, ReadRequest } from './read-messages';
import { SharedPositions } from './shared-positions';
import { StreamIndex } from './stream-index';

/** The index is written at least this often while something is not in it. */
const FLUSH_MS = 10_000;
/** How long one sleep lasts while nothing is appended. */
const WAKE_MS = 500;

interface ReaderThreadData extends ThreadData {
  readonly storeId: string;
}

function answer(reader: LogReader, { id, stream, range }: ReadRequest): ReadReply {
  try {
    return { id, rows: reader.read(stream, range) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function catchUp(reader: LogReader, positions: SharedPositions, port: MessagePort): void {
  while (reader.catchUpStep()) {
    const progress: ReaderMessage = { catchUp: [reader.seenPosition, positions.committed] };
    port.postMessage(progress);
  }
  reader.flush();
}

function run(port: MessagePort, data: ReaderThreadData): void {
  const positions = new SharedPositions(data.shared);
  const index = StreamIndex.openForWriting(data.dataDir, data.storeId);
  const database = openLogForReading(data.dataDir);
  const reader = new LogReader(database, index, positions, data.indexFlushEventsMax);
  catchUp(reader, positions, port);
  let closed = false;
  const timer = setInterval(() => reader.flush(), FLUSH_MS);
  const follow = async (): Promise<void> => {
    while (!closed) {
      await positions.committedAfter(reader.seenPosition, WAKE_MS);
      if (!closed) reader.catchUpStep();
    }
  };
  void follow();
  port.on('message', (request: readonly ReadRequest[] | 'close') => {
    if (request !== 'close') {
      port.postMessage(request.map((one) => answer(reader, one)));
      return;
    }
    closed = true;
    clearInterval(timer);
    catchUp(reader, positions, port);
    index.close();
    database.close();
    port.close();
  });
  const ready: ReaderMessage = 'ready';
  port.postMessage(ready);
}

if (!parentPort) throw new Error('the log reader runs in a worker thread');
run(parentPort, workerData as ReaderThreadData);
