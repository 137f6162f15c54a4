// Writes dead letters and the offset after them in one transaction, so that a letter is in the
// topic exactly once for whoever reads committed messages, whatever is killed or restarted, and
// whichever process has the partition.
import type { Kafka } from 'kafkajs';
import type { KafkaLog } from '../connection';
import type { DeadLetter } from './dead-letter';
import { PartitionLetters } from './partition-letters';

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

/** The offset from which the partition goes on once the letters are written. */
export interface NextOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

export class DeadLetterWriter {
  /** By partition; as many as this process has had letters of. */
  private readonly partitions = new Map<string, PartitionLetters>();

  constructor(private readonly options: DeadLetterWriterOptions) {}

  /**
   * Resolves once the letters are written. One that is written already, because its message was
   * read again, here or elsewhere, is left out.
   */
  write(letters: readonly DeadLetter[], next: NextOffset): Promise<void> {
    const place = `${next.topic}/${next.partition}`;
    const known = this.partitions.get(place);
    const partition = known ?? new PartitionLetters(next, this.options);
    if (!known) this.partitions.set(place, partition);
    return partition.write(letters, next);
  }

  async close(): Promise<void> {
    await Promise.all([...this.partitions.values()].map((partition) => partition.close()));
  }
}
