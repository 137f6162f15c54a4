// Writes dead letters and the offset after them in one transaction, so that a letter is in the
// topic exactly once for whoever reads committed messages, whatever is killed or restarted, and
// whichever process has the partition.
import type { DeadLetter } from './dead-letter';
import {
  PartitionLetters,
  type DeadLetterWriterOptions,
  type NextOffset,
} from './partition-letters';

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
