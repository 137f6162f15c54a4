// Writes dead letters and the group's offset after them in one transaction, so that a letter is in
// the topic exactly once for whoever reads committed messages, whatever is killed or restarted.
import type { Kafka, Producer } from 'kafkajs';
import { Partitioners } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaLog } from '../connection';
import { withAdmin } from '../topics';
import { letterMessage, type DeadLetter } from './dead-letter';

export interface DeadLetterWriterOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly groupId: string;
  /** The same after a restart, another for each process: it ends what a killed one left open. */
  readonly transactionalId: string;
  readonly transactionTimeoutMs: number;
  readonly retryDelayMs: number;
  /** Attempts before whoever waits is told; it then reads the same messages again. */
  readonly attemptsMax: number;
  readonly log: KafkaLog;
}

/** The offset from which the partition goes on once the letters are written. */
export interface NextOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

interface Waiting {
  readonly letters: readonly DeadLetter[];
  readonly next: NextOffset;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class DeadLetterWriter {
  private producer: Producer | undefined;
  private waiting: Waiting[] = [];
  private working: Promise<void> | undefined;
  private closing = false;

  constructor(private readonly options: DeadLetterWriterOptions) {}

  /** Ends a transaction that an earlier process of this id left open. */
  async open(): Promise<void> {
    const transaction = await (await this.connected()).transaction();
    await transaction.abort();
  }

  /** Resolves once the letters are written and `next` is committed; many share a transaction. */
  write(letters: readonly DeadLetter[], next: NextOffset): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ letters, next, resolve, reject });
      this.working ??= this.work();
    });
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.working;
    await this.letGo();
  }

  private async work(): Promise<void> {
    // Whoever writes in the same turn shares the transaction.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const together = this.waiting;
      this.waiting = [];
      const error = await this.writeAll(together);
      for (const { resolve, reject } of together) {
        if (error) reject(error);
        else resolve();
      }
    }
    this.working = undefined;
  }

  private async writeAll(together: readonly Waiting[]): Promise<Error | undefined> {
    const { attemptsMax, retryDelayMs, log } = this.options;
    let left = together;
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (attempt > 1) left = await this.uncommitted(left);
        if (left.length > 0) await this.transact(left);
        return undefined;
      } catch (error) {
        await this.letGo();
        const detail = error instanceof Error ? error.message : String(error);
        log('warn', 'dead letters could not be written', { attempt, detail });
        if (attempt >= attemptsMax || this.closing) return new Error(detail);
        await delay(retryDelayMs);
      }
    }
  }

  private async transact(together: readonly Waiting[]): Promise<void> {
    const { topic, groupId } = this.options;
    const transaction = await (await this.connected()).transaction();
    const messages = together.flatMap(({ letters }) => letters.map(letterMessage));
    await transaction.send({ topic, messages, acks: -1 });
    await transaction.sendOffsets({ consumerGroupId: groupId, topics: offsetsOf(together) });
    await transaction.commit();
  }

  /**
   * What a failed attempt did not get through: a new producer of this id first ends that attempt's
   * transaction, whole or not at all, and the committed offset then tells which it was.
   */
  private async uncommitted(together: readonly Waiting[]): Promise<readonly Waiting[]> {
    const { kafka, groupId } = this.options;
    await this.open();
    const topics = [...new Set(together.map(({ next }) => next.topic))];
    const committed = await withAdmin(kafka, (admin) => admin.fetchOffsets({ groupId, topics }));
    return together.filter(({ next }) => {
      const ofTopic = committed.find(({ topic }) => topic === next.topic);
      const place = ofTopic?.partitions.find(({ partition }) => partition === next.partition);
      return BigInt(place?.offset ?? '-1') < BigInt(next.offset);
    });
  }

  private async connected(): Promise<Producer> {
    if (this.producer) return this.producer;
    const { kafka, transactionalId, transactionTimeoutMs } = this.options;
    const producer = kafka.producer({
      transactionalId,
      transactionTimeout: transactionTimeoutMs,
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    this.producer = producer;
    return producer;
  }

  private async letGo(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }
}

function offsetsOf(together: readonly Waiting[]): {
  topic: string;
  partitions: { partition: number; offset: string }[];
}[] {
  const topics = new Map<string, { partition: number; offset: string }[]>();
  for (const { next } of together) {
    const { topic, partition, offset } = next;
    const partitions = topics.get(topic) ?? [];
    partitions.push({ partition, offset });
    topics.set(topic, partitions);
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}
