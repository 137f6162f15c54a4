// Entry of the reader thread: catches the stream index up,
// then serves reads and writes the index behind.
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { ThreadData } from './embedded-options';
import { isFull } from './full-disk';
import { openLogForReading } from './log-database';
import { LogReader } from './log-reader';
import type { ReaderMessage, ReadReply, ReadRequest } from './read-messages';
import { SharedPositions } from './shared-positions';
import { StreamIndex } from './stream-index';

/**
 * The index is written at least this often while something is not in it: rarely, since a stream
 * that is written to again and again then costs one row each time, and not one for each event.
 * After a crash that much of the log is looked at again.
 */
const FLUSH_MS = 30_000;
/** Appends gather for so long before they are taken in; a read takes in what it needs itself. */
const GATHER_MS = 100;
/** How long one sleep lasts while nothing is appended. */
const WAKE_MS = 500;

interface ReaderThreadData extends ThreadData {
  readonly storeId: string;
}

function answer(reader: LogReader, { id, stream, range }: ReadRequest): ReadReply {
  try {
    return { id, events: reader.read(stream, range) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function catchUp(reader: LogReader, positions: SharedPositions, port: MessagePort): void {
  while (reader.catchUpStep()) {
    while (reader.flushStep());
    const progress: ReaderMessage = { catchUp: [reader.seenPosition, positions.committed] };
    port.postMessage(progress);
  }
  reader.flush();
}

async function follow(
  reader: LogReader,
  positions: SharedPositions,
  isClosed: () => boolean,
): Promise<void> {
  let flushed = performance.now();
  while (!isClosed()) {
    await positions.committedAfter(reader.seenPosition, WAKE_MS);
    if (isClosed()) return;
    reader.catchUpStep();
    if (performance.now() - flushed >= FLUSH_MS) {
      reader.beginFlush();
      flushed = performance.now();
    }
    await flush(reader, isClosed);
    await delay(GATHER_MS, undefined, { ref: false });
  }
}

/** Writes what is to be flushed, if the disk has room; reads are answered between the steps. */
async function flush(reader: LogReader, isClosed: () => boolean): Promise<void> {
  while (!isClosed() && unlessFull(() => reader.flushStep())) await nextTurn();
}

/** False when the disk is full: what is not in the index stays in memory and is tried again. */
function unlessFull(write: () => boolean): boolean {
  try {
    return write();
  } catch (error) {
    if (isFull(error)) return false;
    throw error;
  }
}

function run(port: MessagePort, data: ReaderThreadData): void {
  const positions = new SharedPositions(data.shared);
  const index = StreamIndex.openForWriting(data.dataDir, data.storeId);
  const database = openLogForReading(data.dataDir);
  const reader = new LogReader(database, index, positions, data.indexFlushEventsMax);
  catchUp(reader, positions, port);
  let closed = false;
  void follow(reader, positions, () => closed);
  port.on('message', (request: readonly ReadRequest[] | 'close') => {
    if (request !== 'close') {
      port.postMessage(request.map((one) => answer(reader, one)));
      return;
    }
    closed = true;
    unlessFull(() => {
      catchUp(reader, positions, port);
      return true;
    });
    index.close();
    database.close();
    port.close();
  });
  const ready: ReaderMessage = 'ready';
  port.postMessage(ready);
}

if (!parentPort) throw new Error('the log reader runs in a worker thread');
run(parentPort, workerData as ReaderThreadData);
