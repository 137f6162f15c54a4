// Copies a log into another event store: every event of every stream at its own revision, streams
// at once, and seals after what they cover. Positions are the other store's own.
import { appendOne, type AppendRetry } from '../access/append-one';
import {
  LOG_START,
  type EventStore,
  type NewEvent,
  type Position,
  type RecordedEvent,
  type StreamAppend,
} from '../ports/event-store.port';

/** All streams of a ledger. */
export const LEDGER_STREAM_PREFIXES: readonly string[] = [
  'installation',
  'tenant-',
  'customer-',
  'batch-',
  'seals-',
];
/** Events read at once. */
const BATCH_COUNT_MAX = 1_000;
/** UTF-16 code units of one append: in UTF-8 well below what one may carry. */
const APPEND_LENGTH_MAX = 250_000;

/** The two logs differ, or one takes no events; the message is the one line to show. */
export class CopyStoppedError extends Error {
  readonly code = 'COPY_STOPPED';
}

export interface LogCopy {
  readonly from: Pick<EventStore, 'follow' | 'head'>;
  readonly to: Pick<EventStore, 'append' | 'readStream'>;
  /** Everything of `from` up to here was copied before; LOG_START for a new copy. */
  readonly after: Position;
  readonly retry: AppendRetry;
  readonly signal: AbortSignal;
  /** Told of each position of `from` up to which everything is stored in `to`. */
  readonly onCopied: (position: Position, eventCount: number) => void;
}

/**
 * Copies what `from` holds when it is called. Nobody may append to either meanwhile. Repeating what
 * a copy that was cut short had done already changes nothing. Throws CopyStoppedError.
 */
export async function copyLog(copy: LogCopy): Promise<void> {
  const { from, after, signal, onCopied } = copy;
  const head = await from.head();
  if (head <= after) return;
  const reading = new AbortController();
  const batches = from.follow({
    after,
    streamPrefixes: LEDGER_STREAM_PREFIXES,
    batchCountMax: BATCH_COUNT_MAX,
    signal: AbortSignal.any([signal, reading.signal]),
  });
  for await (const { events, position, caughtUp } of batches) {
    const isSeal = ({ stream }: RecordedEvent): boolean => stream.startsWith('seals-');
    await copyEvents(
      events.filter((event) => !isSeal(event)),
      copy,
    );
    await copyEvents(events.filter(isSeal), copy);
    onCopied(position, events.length);
    if (position >= head || caughtUp) reading.abort();
  }
  signal.throwIfAborted();
}

/** Streams at once, each in its own order. */
async function copyEvents(events: readonly RecordedEvent[], copy: LogCopy): Promise<void> {
  const chunks = [...byStream(events).values()].map(chunksOf);
  for (let i = 0; ; i += 1) {
    const round = chunks.flatMap((ofStream) => ofStream.slice(i, i + 1));
    if (round.length === 0) return;
    const outcomes = await copy.to.append(round.map(appendOf));
    for (const [at, chunk] of round.entries()) {
      if (outcomes[at]?.kind !== 'appended') await copyChunk(chunk, copy);
    }
  }
}

/** What a copy that was cut short has stored already is compared and left out. */
async function copyChunk(chunk: readonly RecordedEvent[], copy: LogCopy): Promise<void> {
  const { to, retry } = copy;
  const append = appendOf(chunk);
  const { stream } = append;
  const outcome = await appendOne(to, append, retry);
  if (outcome.kind === 'appended') return;
  if (outcome.kind !== 'conflict') {
    throw new CopyStoppedError(`the target does not take events (${outcome.kind}); try again`);
  }
  const storedCount = outcome.actualRevision - append.expectedRevision;
  const stored = chunk.slice(0, Math.max(0, storedCount));
  if (stored.length === 0) {
    const missing = `revision ${outcome.actualRevision + 1} of ${stream}`;
    throw new CopyStoppedError(`the target lacks ${missing}; begin anew with an empty target`);
  }
  await compareStored(stored, to);
  const rest = chunk.slice(stored.length);
  if (rest.length > 0) await copyChunk(rest, copy);
}

async function compareStored(
  events: readonly RecordedEvent[],
  to: Pick<EventStore, 'readStream'>,
): Promise<void> {
  const [first] = events;
  if (!first) return;
  const { stream, revision: from } = first;
  const range = { from, direction: 'forwards', limit: events.length } as const;
  const stored = await to.readStream(stream, range);
  const other = events.find((event, i) => !isSame(event, stored[i]));
  if (!other) return;
  const place = `revision ${other.revision} of ${stream}`;
  throw new CopyStoppedError(`${place} is another event in the target; copy into an empty one`);
}

function isSame(a: NewEvent, b: NewEvent | undefined): boolean {
  return a.type === b?.type && a.data === b.data && a.metadata === b.metadata;
}

function appendOf(chunk: readonly RecordedEvent[]): StreamAppend {
  const { stream = '', revision = 0 } = chunk[0] ?? {};
  const events = chunk.map(({ type, data, metadata }) => ({ type, data, metadata }));
  return { stream, expectedRevision: revision - 1, events };
}

function byStream(events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const known = streams.get(event.stream);
    if (known) known.push(event);
    else streams.set(event.stream, [event]);
  }
  return streams;
}

function chunksOf(events: readonly RecordedEvent[]): RecordedEvent[][] {
  const chunks: RecordedEvent[][] = [];
  let length = 0;
  for (const event of events) {
    const eventLength = event.type.length + event.data.length + event.metadata.length;
    const last = chunks.at(-1);
    if (last && length + eventLength <= APPEND_LENGTH_MAX) {
      last.push(event);
      length += eventLength;
    } else {
      chunks.push([event]);
      length = eventLength;
    }
  }
  return chunks;
}

/** Everything that a log holds, whatever the order of its streams among each other. */
export interface LogDigest {
  readonly eventCount: number;
  /** Sum of 64 bits of the hash of each event with its stream and revision. */
  readonly sum: bigint;
}

export interface LogReading {
  readonly log: Pick<EventStore, 'follow' | 'head'>;
  readonly sha256Hex: (text: string) => string;
  readonly signal: AbortSignal;
  readonly onRead: (eventCount: number) => void;
}

/** Two logs with equal digests hold the same events at the same revisions of the same streams. */
export async function digestOf({ log, sha256Hex, signal, onRead }: LogReading): Promise<LogDigest> {
  const head = await log.head();
  let [eventCount, sum] = [0, 0n];
  const reading = new AbortController();
  if (head === LOG_START) return { eventCount, sum };
  const batches = log.follow({
    after: LOG_START,
    streamPrefixes: LEDGER_STREAM_PREFIXES,
    batchCountMax: BATCH_COUNT_MAX,
    signal: AbortSignal.any([signal, reading.signal]),
  });
  for await (const { events, position, caughtUp } of batches) {
    for (const { stream, revision, type, data, metadata } of events) {
      const text = [stream, String(revision), type, data, metadata].join('\0');
      sum = BigInt.asUintN(64, sum + BigInt(`0x${sha256Hex(text).slice(0, 16)}`));
    }
    eventCount += events.length;
    onRead(eventCount);
    if (position >= head || caughtUp) reading.abort();
  }
  signal.throwIfAborted();
  return { eventCount, sum };
}
