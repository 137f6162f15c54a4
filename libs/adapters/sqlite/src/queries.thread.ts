// Entry of the query thread: fills the lists, keeps them current, and answers.
import {
  parentPort,
  receiveMessageOnPort,
  workerData,
  type MessagePort,
} from 'node:worker_threads';
import { SIGNALS } from './projector-messages';
import {
  NO_QUERY,
  type Query,
  type QueryFailure,
  type QueryReply,
  type QueryThreadData,
} from './query-messages';
import { QueryQueue } from './query-queue';
import { QueryRunner } from './query-runner';
import { openForQuerying } from './read-model-file';
import type { RowChanges } from './row-changes';
import { sqliteCode } from './sqlite-errors';
import { isVerificationQuery } from './verification-queries';

function replyTo(runner: QueryRunner, query: Query): QueryReply {
  const { id } = query;
  try {
    return { id, answer: runner.answer(query) };
  } catch (error) {
    const failure = failureOf(error);
    // What the verifier keeps is not ours to find damaged: the read models are none the worse.
    return {
      id,
      error: isVerificationQuery(query) ? { ...failure, sqliteCode: undefined } : failure,
    };
  }
}

function failureOf(error: unknown): QueryFailure {
  const message = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: string } | undefined)?.code;
  return { message, code, sqliteCode: sqliteCode(error) };
}

function run(port: MessagePort, data: QueryThreadData): void {
  const database = openForQuerying(data.file);
  const runner = new QueryRunner(database, data);
  const signals = new Int32Array(data.signals);
  const { changesPort } = data;
  let isClosed = false;
  let isScheduled = false;

  const take = (changes: RowChanges): void => {
    runner.apply(changes);
    Atomics.add(signals, SIGNALS.changesTaken, 1);
    Atomics.notify(signals, SIGNALS.changesTaken);
  };
  // What was sent before a position was made known is here by now: take it before answering.
  const takeAll = (): void => {
    for (;;) {
      const received = receiveMessageOnPort(changesPort);
      if (!received) return;
      take(received.message as RowChanges);
    }
  };
  const answer = (queries: Iterable<Query>): void => {
    takeAll();
    port.postMessage(Array.from(queries, (query) => replyTo(runner, query)));
  };
  const queue = new QueryQueue({ answer, elapsedMs: () => performance.now() });
  // Between two turns the thread hears what has been asked meanwhile.
  const schedule = (): void => {
    if (isScheduled || isClosed || !queue.isDue) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      if (!isClosed) queue.turn();
      schedule();
    });
  };
  const load = (): void => {
    if (isClosed) return;
    try {
      if (runner.loadStep()) {
        setImmediate(load);
        return;
      }
    } catch (error) {
      port.postMessage([{ id: NO_QUERY, error: failureOf(error) }]);
      return;
    }
    queue.listsAreFilled();
    schedule();
  };
  const close = (): void => {
    while (queue.isDue) queue.turn();
    isClosed = true;
    changesPort.close();
    runner.close();
    port.close();
  };

  changesPort.on('message', take);
  port.on('message', (message: readonly Query[] | 'close') => {
    if (message === 'close') {
      close();
      return;
    }
    queue.add(message);
    schedule();
  });
  load();
}

if (!parentPort) throw new Error('the query thread is started by the read store');
run(parentPort, workerData as QueryThreadData);
