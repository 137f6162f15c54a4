// Runs the publisher inside its thread: encoding messages must not delay requests.
import type { EventStore } from '@deltabook/application';
import type { Sha256Hex } from '@deltabook/integrity';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { kafkaClient, type KafkaLog } from '../connection';
import { clusterIdOf, makeMissingTopics, reachBrokers, withAdmin } from '../topics';
import { EventPublisher } from './event-publisher';
import { PositionFile } from './position-file';
import type { FirstEvent, FromPublisher, PublisherData, ToPublisher } from './publisher-messages';

/** How often the main thread is told how far the publisher is. */
const STATISTICS_MS = 500;

/** The log as the publisher follows it, in its own thread. */
export type PublishedLog = Pick<EventStore, 'storeId' | 'follow' | 'head'> & {
  close(): void | Promise<void>;
};

export interface PublisherParts {
  /** Opens the log from what the main thread was given as `logSource`. */
  readonly openLog: (logSource: unknown) => PublishedLog | Promise<PublishedLog>;
  readonly sha256Hex: Sha256Hex;
}

/** To be called once in a thread that PublisherThread started. */
export function runPublisher(parts: PublisherParts): void {
  if (!parentPort) throw new Error('the publisher runs in a worker thread');
  void run(parentPort, workerData as PublisherData, parts);
}

async function run(port: MessagePort, data: PublisherData, parts: PublisherParts): Promise<void> {
  const tell = (message: FromPublisher): void => port.postMessage(message);
  const report: KafkaLog = (level, message, fields) =>
    tell({ kind: 'report', level, message, fields });
  const log = await parts.openLog(data.logSource);
  const questions = new Questions(tell);
  const publisher = publisherOf(data, { ...parts, log, questions, report });
  const tellStatistics = (): void => {
    tell({ kind: 'statistics', statistics: publisher.statistics });
  };
  const timer = setInterval(tellStatistics, STATISTICS_MS);
  port.on('message', (message: ToPublisher) => {
    if (message.kind !== 'stop') return questions.answer(message);
    void publisher.stop(message.waitMs).then(async () => {
      clearInterval(timer);
      tellStatistics();
      await log.close();
      port.close();
    });
  });
  publisher.start();
}

function publisherOf(
  data: PublisherData,
  parts: PublisherParts & {
    readonly log: PublishedLog;
    readonly questions: Questions;
    readonly report: KafkaLog;
  },
): EventPublisher {
  const { log, questions, report, sha256Hex } = parts;
  const { topic, partitionCount } = data;
  const connection = { ...data.connection, log: report };
  const kafka = kafkaClient(connection);
  return new EventPublisher({
    ...data,
    kafka,
    log,
    sha256Hex,
    report,
    firstEvents: (streams) => questions.ask(streams),
    openPositions: async () => {
      await reachBrokers(connection);
      return withAdmin(kafka, async (admin) => {
        await makeMissingTopics(admin, [{ topic, partitionCount, settings: {} }], report);
        const cluster = await clusterIdOf(admin);
        return new PositionFile(data.positionFile, { storeId: log.storeId, cluster, topic });
      });
    },
  });
}

/** What the thread asks the main thread, which holds the store. */
class Questions {
  private readonly waiting = new Map<
    number,
    { resolve: (events: readonly FirstEvent[]) => void; reject: (error: Error) => void }
  >();
  private lastId = 0;

  constructor(private readonly tell: (message: FromPublisher) => void) {}

  ask(streams: readonly string[]): Promise<readonly FirstEvent[]> {
    this.lastId += 1;
    const id = this.lastId;
    this.tell({ kind: 'first-events', id, streams });
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  answer(message: Exclude<ToPublisher, { kind: 'stop' }>): void {
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.kind === 'unread') waiting?.reject(new Error(message.reason));
    else waiting?.resolve(message.events);
  }
}
