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

interface Handed {
  readonly letters: readonly DeadLetter[];
  readonly next: NextOffset;
}

interface Waiting extends Handed {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class DeadLetterWriter {
  private producer: Producer | undefined;
  /** By partition: letters of messages before this offset are written; they may be read again. */
  private readonly writtenBefore = new Map<string, bigint>();
  /** By partition: where a transaction would have ended of which it is not known if it did. */
  private readonly unknown = new Map<string, NextOffset>();
  private waiting: Waiting[] = [];
  private working: Promise<void> | undefined;
  private closing = false;

  constructor(private readonly options: DeadLetterWriterOptions) {}

  /** Ends a transaction that an earlier process of this id left open. */
  async open(): Promise<void> {
    const transaction = await (await this.connected()).transaction();
    await transaction.abort();
  }

  /**
   * Resolves once the letters are written and `next` is committed; many share a transaction. A
   * letter that this writer has written already, because its message was read again, is left out.
   */
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
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (this.unknown.size > 0) await this.settleUnknown();
        await this.transact(this.unwritten(together));
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

  /** Leaves out what is written: the group may read messages again while their letters wait. */
  private unwritten(together: readonly Handed[]): Handed[] {
    const before = new Map(this.writtenBefore);
    const left: Handed[] = [];
    for (const { letters, next } of together) {
      const from = before.get(placeOf(next)) ?? 0n;
      const still = letters.filter(({ coordinates: { offset } }) => BigInt(offset) >= from);
      if (still.length === 0) continue;
      left.push({ letters: still, next });
      before.set(placeOf(next), BigInt(next.offset));
    }
    return left;
  }

  private async transact(together: readonly Handed[]): Promise<void> {
    if (together.length === 0) return;
    const { topic, groupId } = this.options;
    const transaction = await (await this.connected()).transaction();
    const messages = together.flatMap(({ letters }) => letters.map(letterMessage));
    for (const { next } of together) this.unknown.set(placeOf(next), next);
    await transaction.send({ topic, messages, acks: -1 });
    await transaction.sendOffsets({ consumerGroupId: groupId, topics: offsetsOf(together) });
    await transaction.commit();
    for (const { next } of together) this.noteWritten(next);
    this.unknown.clear();
  }

  /**
   * What a failed attempt got through: a new producer of this id first ends that attempt's
   * transaction, whole or not at all, and the committed offset then tells which it was.
   */
  private async settleUnknown(): Promise<void> {
    const { kafka, groupId } = this.options;
    await this.open();
    const ends = [...this.unknown.values()];
    const topics = [...new Set(ends.map(({ topic }) => topic))];
    const committed = await withAdmin(kafka, (admin) => admin.fetchOffsets({ groupId, topics }));
    for (const next of ends) {
      const ofTopic = committed.find(({ topic }) => topic === next.topic);
      const place = ofTopic?.partitions.find(({ partition }) => partition === next.partition);
      if (BigInt(place?.offset ?? '-1') >= BigInt(next.offset)) this.noteWritten(next);
    }
    this.unknown.clear();
  }

  private noteWritten(next: NextOffset): void {
    this.writtenBefore.set(placeOf(next), BigInt(next.offset));
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

const placeOf = ({ topic, partition }: NextOffset): string => `${topic}/${partition}`;

function offsetsOf(together: readonly Handed[]): {
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
