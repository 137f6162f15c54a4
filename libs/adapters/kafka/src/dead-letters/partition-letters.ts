// The dead letters of one partition: written together with the offset after them in one transaction
// of the partition's own id. Who takes the partition over fences whoever had it, and that offset
// then tells which letters are in the topic: each is written once. The offset is of a group of its
// own, since a consumer may commit an older one of its group late.
import { Partitioners, type Kafka, type Producer } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaLog } from '../connection';
import { explainFailure } from '../failures';
import { withAdmin } from '../topics';
import { letterMessage, type DeadLetter } from './dead-letter';

export interface DeadLetterWriterOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  /** Of the intake; transactions are named `<group>-<topic>-<partition>` in every process. */
  readonly groupId: string;
  readonly transactionTimeoutMs: number;
  readonly retryDelayMs: number;
  /** Attempts before whoever waits is told; it then reads the same messages again. */
  readonly attemptsMax: number;
  readonly log: KafkaLog;
}

/** The offset from which a partition goes on once everything before it is settled. */
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

/** Ends the name of the group whose offsets say which letters are written. */
const LETTERS = '-letters';
/** How long a producer is kept that has nothing to write. */
const IDLE_MS = 10_000;

export class PartitionLetters {
  private producer: Producer | undefined;
  /** Letters of messages before this offset are written; they may be read again. */
  private writtenBefore = 0n;
  private waiting: Waiting[] = [];
  private working: Promise<void> | undefined;
  private idle: NodeJS.Timeout | undefined;
  private closing = false;

  constructor(
    private readonly place: Pick<NextOffset, 'topic' | 'partition'>,
    private readonly options: DeadLetterWriterOptions,
  ) {}

  /** Resolves once the letters are written; many share a transaction. */
  write(letters: readonly DeadLetter[], next: NextOffset): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ letters, next, resolve, reject });
      clearTimeout(this.idle);
      this.working ??= this.work();
    });
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.working;
    clearTimeout(this.idle);
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
    this.idle = setTimeout(() => void this.letGo(), IDLE_MS).unref();
  }

  private async writeAll(together: readonly Handed[]): Promise<Error | undefined> {
    const { attemptsMax, retryDelayMs, log } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const producer = (this.producer ??= await this.takeOver());
        await this.transact(producer, this.unwritten(together));
        return undefined;
      } catch (error) {
        await this.letGo();
        const detail = explainFailure(error);
        log('warn', 'dead letters could not be written', { ...this.place, attempt, detail });
        if (attempt >= attemptsMax || this.closing) return new Error(detail);
        await delay(retryDelayMs);
      }
    }
  }

  /**
   * Ends the transaction that another process, or an attempt of unknown outcome, has under this id,
   * whole or not at all, and shuts its producer out; the offset tells which it was.
   */
  private async takeOver(): Promise<Producer> {
    const { kafka, groupId } = this.options;
    const { topic, partition } = this.place;
    const producer = kafka.producer({
      transactionalId: `${groupId}-${topic}-${partition}`,
      transactionTimeout: this.options.transactionTimeoutMs,
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    try {
      await producer.connect();
      await (await producer.transaction()).abort();
      const [ofTopic] = await withAdmin(kafka, (admin) =>
        admin.fetchOffsets({ groupId: groupId + LETTERS, topics: [topic] }),
      );
      const committed = ofTopic?.partitions.find((found) => found.partition === partition);
      if (!committed) throw new Error(`no broker tells which letters of ${topic} are written`);
      // -1 while nothing is committed; a broker that has just started may tell an older one.
      const told = BigInt(committed.offset);
      if (told > this.writtenBefore) this.writtenBefore = told;
      return producer;
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  /** Leaves out what is written: the group may read messages again while their letters wait. */
  private unwritten(together: readonly Handed[]): readonly Handed[] {
    let before = this.writtenBefore;
    const left: Handed[] = [];
    for (const { letters, next } of together) {
      const from = before;
      const still = letters.filter(({ coordinates: { offset } }) => BigInt(offset) >= from);
      if (still.length === 0) continue;
      left.push({ letters: still, next });
      before = BigInt(next.offset);
    }
    return left;
  }

  private async transact(producer: Producer, together: readonly Handed[]): Promise<void> {
    const last = together.at(-1);
    if (!last) return;
    const { topic: letterTopic, groupId } = this.options;
    const { topic, partition, offset } = last.next;
    const messages = together.flatMap(({ letters }) => letters.map(letterMessage));
    const transaction = await producer.transaction();
    await transaction.send({ topic: letterTopic, messages, acks: -1 });
    await transaction.sendOffsets({
      consumerGroupId: groupId + LETTERS,
      topics: [{ topic, partitions: [{ partition, offset }] }],
    });
    await transaction.commit();
    this.writtenBefore = BigInt(offset);
  }

  private async letGo(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }
}
