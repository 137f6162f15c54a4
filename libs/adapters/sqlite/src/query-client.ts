// Asks the query thread: all questions of one turn of the event loop travel in one message.
import { Worker } from 'node:worker_threads';
import { join } from 'node:path';
import {
  NO_QUERY,
  type Query,
  type QueryFailure,
  type QueryReply,
  type QueryThreadData,
  type QuestionName,
  type Questions,
} from './query-messages';
import { isCorrupt } from './sqlite-errors';

/** Too many questions wait; the caller should try again later. */
export class QueriesOverloadedError extends Error {
  readonly code = 'READS_OVERLOADED';
  constructor() {
    super('too many reads of the read models wait; try again later');
  }
}

/** The rows were let go, since the store is closed or others have taken their place. */
export class ReadModelClosedError extends Error {
  readonly code = 'READ_MODEL_CLOSED';
  constructor() {
    super('these read models are closed');
  }
}

/** A question that the query thread could not answer. */
export class QueryFailedError extends Error {
  readonly code: string | undefined;
  constructor(failure: QueryFailure) {
    super(failure.message);
    this.code = failure.code;
  }
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

export interface QueryClientParts {
  readonly queriesPendingMax: number;
  readonly onCorrupt: (message: string) => void;
  readonly onFatal: (error: Error) => void;
}

export class QueryClient {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private next: Query[] = [];
  private lastId = NO_QUERY;
  private isClosed = false;

  constructor(
    data: QueryThreadData,
    private readonly parts: QueryClientParts,
  ) {
    const entry = join(__dirname, 'queries.thread.js');
    this.worker = new Worker(entry, { workerData: data, transferList: [data.changesPort] });
    this.worker.on('message', (replies: readonly QueryReply[]) => this.settle(replies));
    this.worker.on('error', (error) => {
      this.rejectAll(error);
      this.parts.onFatal(error);
    });
  }

  /** Rejects with QueriesOverloadedError or QueryFailedError. */
  ask<N extends QuestionName>(
    name: N,
    asks: Questions[N]['asks'],
  ): Promise<Questions[N]['answer']> {
    if (this.isClosed) return Promise.reject(new ReadModelClosedError());
    if (this.waiting.size >= this.parts.queriesPendingMax) {
      return Promise.reject(new QueriesOverloadedError());
    }
    this.lastId += 1;
    const id = this.lastId;
    if (this.next.length === 0) queueMicrotask(() => this.send());
    this.next.push({ id, name, asks } as Query);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  /** Answers what was asked before, then ends the thread. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.send();
    const exit = new Promise((resolve) => this.worker.once('exit', resolve));
    this.worker.postMessage('close');
    await exit;
    this.rejectAll(new ReadModelClosedError());
  }

  private send(): void {
    const queries = this.next;
    this.next = [];
    if (queries.length > 0) this.worker.postMessage(queries);
  }

  private settle(replies: readonly QueryReply[]): void {
    for (const { id, answer, error } of replies) {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (error && isCorrupt(error.sqliteCode)) this.parts.onCorrupt(error.message);
      if (error) waiting?.reject(new QueryFailedError(error));
      else waiting?.resolve(answer as never);
    }
  }

  private rejectAll(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
