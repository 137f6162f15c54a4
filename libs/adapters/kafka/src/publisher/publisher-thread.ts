// The main thread's end of the publisher: starts its thread, reads streams for it, and knows how
// far it is.
import { LOG_START, type EventStore } from '@deltabook/application';
import { Worker } from 'node:worker_threads';
import type { KafkaLog } from '../connection';
import type { PublisherStatistics } from './event-publisher';
import type { FirstEvent, FromPublisher, PublisherData, ToPublisher } from './publisher-messages';

export interface PublisherThreadOptions {
  /** Entry that calls runPublisher() and knows how to follow the log. */
  readonly entry: string;
  readonly data: PublisherData;
  readonly store: Pick<EventStore, 'readStream'>;
  readonly report: KafkaLog;
  /** First and longest pause before a thread that died is started again. */
  readonly restartMs: number;
}

/** Beyond what the thread was told to wait, before it is ended. */
const END_MS = 1_000;

export class PublisherThread {
  /** As of a moment ago. */
  statistics: PublisherStatistics = {
    published: 0,
    sends: 0,
    failures: 0,
    position: LOG_START,
    head: LOG_START,
  };
  private worker: Worker | undefined;
  private restart: NodeJS.Timeout | undefined;
  private stopping = false;

  constructor(private readonly options: PublisherThreadOptions) {}

  start(): void {
    const { entry, data, report, restartMs } = this.options;
    const worker = new Worker(entry, { workerData: data });
    this.worker = worker;
    worker.on('message', (message: FromPublisher) => this.hear(message));
    worker.on('error', (error: Error) => {
      report('error', 'the publisher died and starts again', { detail: error.message });
    });
    worker.once('exit', () => {
      this.worker = undefined;
      if (!this.stopping) this.restart = setTimeout(() => this.start(), restartMs);
    });
  }

  /** Waits for the send under way, for `waitMs` at most. */
  async stop(waitMs: number): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    const { worker } = this;
    if (!worker) return;
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    this.tell({ kind: 'stop', waitMs });
    const timer = setTimeout(() => void worker.terminate(), waitMs + END_MS);
    await gone;
    clearTimeout(timer);
  }

  private hear(message: FromPublisher): void {
    switch (message.kind) {
      case 'report':
        return this.options.report(message.level, message.message, message.fields);
      case 'statistics':
        this.statistics = message.statistics;
        return;
      case 'first-events':
        void this.readFirst(message.id, message.streams);
    }
  }

  private async readFirst(id: number, streams: readonly string[]): Promise<void> {
    try {
      const events = await Promise.all(streams.map((stream) => this.firstOf(stream)));
      this.tell({ kind: 'first-events', id, events });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.tell({ kind: 'unread', id, reason });
    }
  }

  private async firstOf(stream: string): Promise<FirstEvent> {
    const range = { from: 0, direction: 'forwards', limit: 1 } as const;
    const [first] = await this.options.store.readStream(stream, range);
    return first && { type: first.type, data: first.data };
  }

  private tell(message: ToPublisher): void {
    this.worker?.postMessage(message);
  }
}
