// The event store in one folder and one process: SQLite behind the port, on threads of its own.
import {
  LOG_START,
  type AppendConcurrency,
  type AppendOutcome,
  type EventStore,
  type FollowOptions,
  type LogBatch,
  type Position,
  type RecordedEvent,
  type StreamAppend,
  type StreamRange,
} from '@deltabook/application/threads';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { appendRequest, decodeOutcomes, type AppendReply } from './append-messages';
import { lockDataDir } from './data-dir-lock';
import { EMBEDDED_DEFAULTS, type EmbeddedOptions, type ThreadData } from './embedded-options';
import { IndexPlaces } from './index-places';
import { logFile, prepareLog } from './log-database';
import { LogFollower, type LogHandle } from './log-follower';
import {
  recordedEvents,
  type ReaderMessage,
  type ReadReply,
  type ReadRequest,
} from './read-messages';
import { SharedPositions } from './shared-positions';

type GivenOptions = Pick<EmbeddedOptions, 'dataDir'> & Partial<EmbeddedOptions>;

interface WaitingRead {
  readonly stream: string;
  readonly resolve: (events: readonly RecordedEvent[]) => void;
  readonly reject: (error: Error) => void;
}

/** Too many stream reads wait; the caller should try again later. */
export class ReadsOverloadedError extends Error {
  readonly code = 'READS_OVERLOADED';
}

export class EmbeddedEventStore implements EventStore {
  readonly appendConcurrency: AppendConcurrency;
  private readonly appends = new Map<number, (outcomes: AppendOutcome[]) => void>();
  private readonly reads = new Map<number, WaitingRead>();
  private readonly followers = new Set<LogFollower>();
  private nextReads: ReadRequest[] = [];
  private nextId = 0;
  private closing = false;
  private indexPlaces: IndexPlaces | undefined;

  private constructor(
    private readonly options: EmbeddedOptions,
    private readonly parts: {
      readonly storeId: string;
      readonly positions: SharedPositions;
      readonly writer: Worker;
      readonly reader: Worker;
      readonly unlock: () => void;
    },
  ) {
    const { callsInFlightMax, appendsPerCallMax, bytesPerCallMax } = options;
    this.appendConcurrency = { callsInFlightMax, appendsPerCallMax, bytesPerCallMax };
    parts.writer.on('message', (reply: AppendReply) => this.settleAppend(reply));
    parts.reader.on('message', (message: ReaderMessage) => this.settleReads(message));
    for (const worker of [parts.writer, parts.reader]) {
      worker.on('error', (error) => this.fail(error));
    }
  }

  /** Locks the folder, opens or makes the log, and resolves once every stream can be found. */
  static async open(given: GivenOptions): Promise<EmbeddedEventStore> {
    const options: EmbeddedOptions = {
      ...EMBEDDED_DEFAULTS,
      writerEntry: join(__dirname, 'log-writer.thread.js'),
      readerEntry: join(__dirname, 'log-reader.thread.js'),
      onFatal: (error) => {
        throw error;
      },
      onCatchUp: () => undefined,
      ...given,
    };
    const unlock = lockDataDir(options.dataDir);
    try {
      const { storeId, last } = prepareLog(options.dataDir);
      const positions = new SharedPositions();
      positions.committed = last;
      const data: ThreadData = { ...dataOf(options), shared: positions.buffer };
      const reader = new Worker(options.readerEntry, { workerData: { ...data, storeId } });
      await ready(reader, options.onCatchUp);
      const writer = new Worker(options.writerEntry, { workerData: data });
      await ready(writer, options.onCatchUp);
      return new EmbeddedEventStore(options, { storeId, positions, writer, reader, unlock });
    } catch (error) {
      unlock();
      throw error;
    }
  }

  get storeId(): string {
    return this.parts.storeId;
  }

  /** For followers in other threads of this process. */
  get handle(): LogHandle {
    const { storeId, positions } = this.parts;
    return { dataDir: this.options.dataDir, storeId, shared: positions.buffer };
  }

  append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    if (this.closing) {
      return Promise.resolve(appends.map(() => ({ kind: 'unknown', reason: 'store is closed' })));
    }
    this.nextId += 1;
    const id = this.nextId;
    return new Promise((resolve) => {
      this.appends.set(id, resolve);
      this.parts.writer.postMessage(appendRequest(id, appends));
    });
  }

  readStream(stream: string, range: StreamRange): Promise<readonly RecordedEvent[]> {
    if (this.reads.size >= this.options.readsPendingMax) {
      return Promise.reject(
        new ReadsOverloadedError('too many stream reads wait; try again later'),
      );
    }
    this.nextId += 1;
    const id = this.nextId;
    // All reads of one turn of the event loop travel in one message.
    if (this.nextReads.length === 0) queueMicrotask(() => this.sendReads());
    this.nextReads.push({ id, stream, range });
    return new Promise((resolve, reject) => this.reads.set(id, { stream, resolve, reject }));
  }

  async *follow(options: FollowOptions): AsyncGenerator<LogBatch> {
    const follower = new LogFollower(this.handle);
    this.followers.add(follower);
    try {
      yield* follower.follow(options);
    } finally {
      if (this.followers.delete(follower)) follower.close();
    }
  }

  head(): Promise<Position> {
    const { committed } = this.parts.positions;
    return Promise.resolve(committed === 0 ? LOG_START : BigInt(committed));
  }

  /** Where the stream index says that events are; to be used until this is closed. */
  places(): IndexPlaces {
    return (this.indexPlaces ??= new IndexPlaces(this.options.dataDir));
  }

  /** Bytes of log.db and its write-ahead log, and events not yet in the stream index. */
  sizes(): { readonly logBytes: number; readonly walBytes: number; readonly unindexed: number } {
    const { positions } = this.parts;
    return {
      logBytes: bytesOf(logFile(this.options.dataDir)),
      walBytes: bytesOf(`${logFile(this.options.dataDir)}-wal`),
      unindexed: positions.committed - positions.indexed,
    };
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    for (const follower of this.followers) follower.close();
    this.followers.clear();
    this.indexPlaces?.close();
    // Messages are in order, so everything sent before is settled before the threads end.
    for (const worker of [this.parts.writer, this.parts.reader]) {
      const exit = new Promise((resolve) => worker.once('exit', resolve));
      worker.postMessage('close');
      await exit;
    }
    this.parts.unlock();
  }

  private sendReads(): void {
    const requests = this.nextReads;
    this.nextReads = [];
    this.parts.reader.postMessage(requests);
  }

  private settleAppend(reply: AppendReply): void {
    const settle = this.appends.get(reply.id);
    this.appends.delete(reply.id);
    settle?.(decodeOutcomes(reply.outcomes));
  }

  private settleReads(message: ReaderMessage): void {
    if (!Array.isArray(message)) return;
    for (const { id, events, error } of message as readonly ReadReply[]) {
      const waiting = this.reads.get(id);
      this.reads.delete(id);
      if (events) waiting?.resolve(recordedEvents(waiting.stream, events));
      else waiting?.reject(new Error(error ?? 'the stream could not be read'));
    }
  }

  /** A thread died: what is on disk is no longer known, so nothing more is acknowledged. */
  private fail(error: Error): void {
    this.closing = true;
    for (const { reject } of this.reads.values()) reject(error);
    this.reads.clear();
    this.options.onFatal(error);
  }
}

function dataOf(options: EmbeddedOptions): Omit<ThreadData, 'shared'> {
  const { dataDir, checkpointPages, headsCachedMax } = options;
  const { unindexedEventsMax, indexFlushEventsMax } = options;
  return { dataDir, checkpointPages, headsCachedMax, unindexedEventsMax, indexFlushEventsMax };
}

function ready(worker: Worker, onCatchUp: EmbeddedOptions['onCatchUp']): Promise<void> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: ReaderMessage): void => {
      if (typeof message === 'object' && 'catchUp' in message) onCatchUp(...message.catchUp);
      if (message !== 'ready') return;
      worker.off('message', onMessage);
      worker.off('error', reject);
      resolve();
    };
    worker.on('message', onMessage);
    worker.once('error', reject);
  });
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
