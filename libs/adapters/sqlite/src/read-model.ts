// One file of read models with the two threads that write and read it, as the main thread sees
// them.
import {
  LOG_START,
  type Position,
  type ProjectionProblem,
  type RecordedEvent,
} from '@deltabook/application/threads';
import { rm } from 'node:fs/promises';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { FILTER_BLOCK_BYTES, KeyFilter } from './key-filter';
import { keyPrefix } from './key-record';
import {
  SIGNALS,
  SIGNALS_BYTES,
  type Advance,
  type ProjectorData,
  type ProjectorMessage,
} from './projector-messages';
import { QueryClient, ReadModelClosedError } from './query-client';
import type { QuestionName, Questions } from './query-messages';
import { readModelFile } from './read-model-file';
import type { SqliteReadStoreOptions } from './sqlite-options';
import { verificationFile } from './verification-file';

export interface ReadModelEvents {
  /** The position moved, a problem came or went. */
  readonly onChange: (model: ReadModel) => void;
  /** The file cannot be used any more; its threads still run. */
  readonly onCorrupt: (model: ReadModel, message: string) => void;
}

export class ReadModel {
  position: Position = LOG_START;
  head: Position = LOG_START;
  /** True once the rows have caught up since the start. */
  caughtUp = false;
  problem: ProjectionProblem | undefined;
  /** Directory events projected since they were last taken, in log order. */
  private directoryEvents: RecordedEvent[] = [];
  private readonly keyFilter: KeyFilter;
  private readonly signals: Int32Array;
  private readonly projector: Worker;
  /** Resolves once the file is there to be read. */
  private readonly queries: Promise<QueryClient>;
  private readonly file: string;
  private openedQueries: QueryClient | undefined;
  private refuseQueries: () => void = () => undefined;
  private isClosed = false;

  /** Starts projecting into the generation's file, making it when it is missing. */
  constructor(
    private readonly options: SqliteReadStoreOptions,
    readonly generation: number,
    private readonly events: ReadModelEvents,
  ) {
    this.file = readModelFile(options.dataDir, generation);
    const blockCount = Math.ceil(options.keyFilterBytes / FILTER_BLOCK_BYTES);
    const keyFilter = new SharedArrayBuffer(blockCount * FILTER_BLOCK_BYTES);
    const signals = new SharedArrayBuffer(SIGNALS_BYTES);
    this.keyFilter = new KeyFilter(keyFilter);
    this.signals = new Int32Array(signals);
    const { port1, port2 } = new MessageChannel();
    const shared = { file: this.file, keyFilter, signals, changesPort: port1 };
    this.projector = startProjector(options, shared);
    this.projector.on('error', (error) => options.onFatal(error));
    this.queries = new Promise((resolve, reject) => {
      this.refuseQueries = () => reject(new ReadModelClosedError());
      this.projector.on('message', (message: ProjectorMessage) => {
        if (message.kind !== 'opened') this.take(message);
        else if (!this.isClosed) resolve(this.openQueries(signals, port2));
      });
    });
    // Whoever asks hears of it; nobody may ask.
    this.queries.catch(() => undefined);
  }

  /** Rejects with what QueryClient.ask() does, or with ReadModelClosedError. */
  ask<N extends QuestionName>(
    name: N,
    asks: Questions[N]['asks'],
  ): Promise<Questions[N]['answer']> {
    if (this.openedQueries) return this.openedQueries.ask(name, asks);
    return this.queries.then((client) => client.ask(name, asks));
  }

  /** False when no visible row holds the key (64 hex). */
  mayHaveKey(keyHex: string): boolean {
    // Until the rows have caught up the filter may still be being filled.
    return !this.caughtUp || this.keyFilter.mayHave(keyPrefix(keyHex));
  }

  /** Tells the projector that somebody waits: it does not pause before its next transaction. */
  hurry(): void {
    const { signals } = this;
    Atomics.add(signals, SIGNALS.wanted, 1);
    Atomics.notify(signals, SIGNALS.wanted);
  }

  takeDirectoryEvents(): readonly RecordedEvent[] {
    const taken = this.directoryEvents;
    this.directoryEvents = [];
    return taken;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.refuseQueries();
    // The writer last: only its connection can move the write-ahead log into the file.
    await this.openedQueries?.close();
    const exit = new Promise((resolve) => this.projector.once('exit', resolve));
    this.projector.postMessage('close');
    await exit;
  }

  /** Closes and deletes the file. */
  async remove(): Promise<void> {
    await this.close();
    for (const suffix of ['', '-wal', '-shm']) await rm(this.file + suffix, { force: true });
  }

  private openQueries(signals: SharedArrayBuffer, changesPort: MessagePort): QueryClient {
    const { dataDir, storeId, queriesPendingMax, onFatal } = this.options;
    const { customersListedMax, searchMatchesCachedMax, indexPagesCachedMax } = this.options;
    const data = {
      file: this.file,
      verificationFile: verificationFile(dataDir),
      storeId,
      signals,
      changesPort,
      customersListedMax,
      searchMatchesCachedMax,
      indexPagesCachedMax,
    };
    const client = new QueryClient(data, {
      queriesPendingMax,
      onFatal,
      onCorrupt: (message) => this.events.onCorrupt(this, message),
    });
    this.openedQueries = client;
    return client;
  }

  private take(message: Exclude<ProjectorMessage, { kind: 'opened' }>): void {
    switch (message.kind) {
      case 'advanced':
        this.advance(message);
        break;
      case 'troubled':
        this.problem = message.problem;
        break;
      case 'corrupt':
        this.events.onCorrupt(this, message.message);
        return;
    }
    this.events.onChange(this);
  }

  private advance({ position, head, caughtUp, directoryEvents }: Advance): void {
    this.position = position;
    this.head = head > position ? head : position;
    this.caughtUp ||= caughtUp;
    this.problem = undefined;
    this.directoryEvents.push(...directoryEvents);
  }
}

type ThreadParts = Pick<ProjectorData, 'file' | 'keyFilter' | 'signals' | 'changesPort'>;

function startProjector(options: SqliteReadStoreOptions, parts: ThreadParts): Worker {
  const { storeId, logSource, batchCountMax, pauseMs, pauseMsMax, retryMs } = options;
  const { rowsCachedMax, checkpointPages } = options;
  const workerData: ProjectorData = {
    ...parts,
    storeId,
    logSource,
    batchCountMax,
    pauseMs,
    pauseMsMax,
    retryMs,
    rowsCachedMax,
    checkpointPages,
  };
  const transferList = [parts.changesPort];
  return new Worker(options.projectorEntry, { workerData, transferList });
}
