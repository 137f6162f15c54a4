// Runs a projector inside its thread: follows the log, writes what it changes, tells the others.
// After an error it goes on from the saved position, until it works again or is told to end.
import {
  PROJECTED_STREAM_PREFIXES,
  type EventStore,
  type IndexedLog,
  type Position,
  type ProjectionProblem,
  type ProjectionStop,
} from '@deltabook/application/threads';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { CommitRhythm } from './commit-rhythm';
import { KeyFilter } from './key-filter';
import { eachPage } from './record-pages';
import { ProjectionWriter, type Written } from './projection-writer';
import { SIGNALS, type ProjectorData, type ProjectorMessage } from './projector-messages';
import { openForProjecting } from './read-model-file';
import { isCorrupt, isFull, sqliteCode } from './sqlite-errors';

/** Events read from the log at once: they are folded and forgotten while they are young. */
const READ_COUNT_MAX = 1_000;
/**
 * Messages of row changes that the query thread may not have taken yet; then the projector waits.
 */
const CHANGES_PENDING_MAX = 64;
/** How long one such wait lasts before it is looked at again. */
const CHANGES_WAIT_MS = 1_000;

/** The log as the projector follows it, in its own thread. */
export type FollowedLog = Pick<EventStore, 'storeId' | 'follow' | 'head'> &
  Partial<IndexedLog> & {
    close(): void | Promise<void>;
  };

export interface ProjectorParts {
  /** Opens the log from what the main thread was given as `logSource`. */
  readonly openLog: (logSource: unknown) => FollowedLog | Promise<FollowedLog>;
  /** Runs before each commit; a test's may end the process. */
  readonly beforeCommit?: () => void;
}

/** To be called once in a thread that SqliteReadStore started. */
export function runProjector(parts: ProjectorParts): void {
  if (!parentPort) throw new Error('the projector runs in a worker thread');
  const port = parentPort;
  const abort = new AbortController();
  const projector = new Projector(port, workerData as ProjectorData, parts, abort.signal);
  port.on('message', (message: 'close') => {
    if (message === 'close') abort.abort();
  });
  // What run() throws ends the thread, and with it the process.
  void projector.run().finally(() => port.close());
}

class Projector {
  private readonly signals: Int32Array;
  private readonly keyFilter: KeyFilter;
  private changesSent = 0;
  private troubled = false;
  /** False once there is no use in going on. */
  private goesOn = true;

  constructor(
    private readonly port: MessagePort,
    private readonly data: ProjectorData,
    private readonly parts: ProjectorParts,
    private readonly signal: AbortSignal,
  ) {
    this.signals = new Int32Array(data.signals);
    this.keyFilter = new KeyFilter(data.keyFilter);
  }

  async run(): Promise<void> {
    let database: DatabaseSyncInstance | undefined;
    while (this.goesOn && !this.signal.aborted) {
      try {
        database ??= this.open();
        await this.follow(database);
      } catch (error) {
        this.report(error);
        if (this.goesOn) await this.sleep(this.data.retryMs);
      }
    }
    await this.untilClosed();
    database?.close();
    this.data.changesPort.close();
  }

  private open(): DatabaseSyncInstance {
    const { file, storeId, checkpointPages } = this.data;
    const database = openForProjecting(file, storeId, checkpointPages);
    this.post({ kind: 'opened' });
    eachPage(database, (records) => this.keyFilter.addRecords(records));
    return database;
  }

  private async follow(database: DatabaseSyncInstance): Promise<void> {
    const { rowsCachedMax, batchCountMax, logSource } = this.data;
    const { beforeCommit = () => undefined, openLog } = this.parts;
    const { keyFilter, signal } = this;
    const writer = new ProjectionWriter({ database, keyFilter, rowsCachedMax, beforeCommit });
    const log = await openLog(logSource);
    const rhythm = new CommitRhythm(this.signals, this.data);
    try {
      const options = {
        after: writer.position,
        streamPrefixes: PROJECTED_STREAM_PREFIXES,
        batchCountMax: Math.min(READ_COUNT_MAX, batchCountMax),
        signal,
      };
      for await (const batch of log.follow(options)) {
        const stop = writer.take(batch);
        const caughtUp = batch.caughtUp && !stop;
        if (!caughtUp && !stop && !rhythm.isDue(writer.foldedCount)) continue;
        const startedAt = performance.now();
        const written = writer.commit(caughtUp);
        this.tell(written, caughtUp, await log.head());
        if (stop) return this.stop(stop);
        const { rowCount } = written;
        await rhythm.pause(caughtUp, { rowCount, tookMs: performance.now() - startedAt });
      }
    } finally {
      await log.close();
    }
  }

  /** The query thread first: whoever hears of the position may ask it at once. */
  private tell(written: Written, caughtUp: boolean, head: Position): void {
    const { position, changes, directoryEvents } = written;
    if (changes.numbers.length > 0) this.send(changes);
    this.troubled = false;
    this.post({ kind: 'advanced', position, head, caughtUp, directoryEvents });
  }

  private stop({ message, position }: ProjectionStop): void {
    this.goesOn = false;
    this.trouble({ code: 'UNREADABLE_EVENT', message, position });
  }

  private send(changes: Written['changes']): void {
    const { signals } = this;
    for (;;) {
      const taken = Atomics.load(signals, SIGNALS.changesTaken);
      if (((this.changesSent - taken) | 0) < CHANGES_PENDING_MAX || this.signal.aborted) break;
      Atomics.wait(signals, SIGNALS.changesTaken, taken, CHANGES_WAIT_MS);
    }
    this.changesSent = (this.changesSent + 1) | 0;
    const { changesPort } = this.data;
    changesPort.postMessage(changes, [changes.numbers.buffer as ArrayBuffer]);
  }

  private report(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const code = sqliteCode(error);
    if (isCorrupt(code)) {
      this.goesOn = false;
      this.post({ kind: 'corrupt', message });
      return;
    }
    if (isFull(code)) {
      const advice = 'the disk of the read models is full; projecting goes on once there is room';
      this.trouble({ code: 'STORE_FULL', message: advice });
      return;
    }
    this.trouble({
      code: 'PROJECTION_FAILED',
      message: `projecting fails and is retried: ${message}`,
    });
  }

  /** Says a problem once, however often it is met in a row. */
  private trouble(problem: ProjectionProblem): void {
    if (this.troubled) return;
    this.troubled = true;
    this.post({ kind: 'troubled', problem });
  }

  private post(message: ProjectorMessage): void {
    this.port.postMessage(message);
  }

  /** Ends early, without an error, when the store is closed. */
  private async sleep(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.signal }).catch(() => undefined);
  }

  private untilClosed(): Promise<void> {
    if (this.signal.aborted) return Promise.resolve();
    return new Promise((resolve) =>
      this.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
  }
}
