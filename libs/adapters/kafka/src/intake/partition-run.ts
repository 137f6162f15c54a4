// What this member has in hand of one partition, since it was assigned or last paused: batches are
// handed over one behind the other while those before are still decided, and settle in their order.
import { DeltaSequence } from '@deltabook/application';
import type { NextOffset } from '../dead-letters/partition-letters';
import type { PartitionBatch, Settled } from './partition-batch';

export class PartitionRun {
  /** Of all its batches: what is refused for now in one holds the customer's deltas of the next. */
  readonly sequence = new DeltaSequence();
  private readonly batches = new Set<PartitionBatch>();
  private lastSettled = Promise.resolve();
  private ended = false;

  constructor(private readonly place: Omit<NextOffset, 'offset'>) {}

  /** True once nobody waits for what becomes of its batches. */
  get hasEnded(): boolean {
    return this.ended;
  }

  /** True once nothing more may be handed over; the messages come again in another run. */
  get isOver(): boolean {
    return this.ended || this.sequence.isHolding;
  }

  /**
   * Hands a batch over; resolves once that is done and the batch before it is settled, so that two
   * are in hand at most. `settle` is called with what became of it, after those before, unless the
   * run has ended; it must not reject.
   */
  async take(batch: PartitionBatch, settle: (settled: Settled) => Promise<void>): Promise<void> {
    const before = this.lastSettled;
    const handedOver = batch.handOver();
    this.batches.add(batch);
    this.lastSettled = this.settleAfter(before, { batch, handedOver, settle });
    await handedOver;
    await before;
  }

  /** Where what is not settled begins; undefined when everything is. */
  get unsettledFrom(): NextOffset | undefined {
    const [first] = this.batches;
    return first && { ...this.place, offset: first.firstOffset };
  }

  /** Resolves once everything that was handed over is settled. */
  settled(): Promise<void> {
    return this.lastSettled;
  }

  /** Hands nothing more over. */
  stop(): void {
    for (const batch of this.batches) batch.stop();
  }

  /** Nor takes note of what becomes of the rest: the partition is another's, or is read again. */
  end(): void {
    this.ended = true;
    this.stop();
  }

  private async settleAfter(
    before: Promise<void>,
    taken: {
      readonly batch: PartitionBatch;
      readonly handedOver: Promise<void>;
      readonly settle: (settled: Settled) => Promise<void>;
    },
  ): Promise<void> {
    await taken.handedOver;
    const settled = await taken.batch.settle();
    await before;
    if (!this.ended) await taken.settle(settled);
    this.batches.delete(taken.batch);
  }
}

/** The runs of the partitions that are assigned to this member. */
export class PartitionRuns {
  /** By topic and partition. */
  private runs = new Map<string, PartitionRun>();

  /** The run of a partition; undefined when that is not assigned. */
  of(topic: string, partition: number): PartitionRun | undefined {
    return this.runs.get(`${topic}/${partition}`);
  }

  /** Hands nothing more over; resolves once everything that was is settled. */
  async stop(): Promise<void> {
    const runs = [...this.runs.values()];
    for (const run of runs) run.stop();
    await Promise.all(runs.map((run) => run.settled()));
  }

  /** The partition is read again, in another run. */
  beginAgain({ topic, partition }: Omit<NextOffset, 'offset'>): void {
    this.of(topic, partition)?.end();
    this.runs.set(`${topic}/${partition}`, new PartitionRun({ topic, partition }));
  }

  /**
   * Takes note of an assignment. What was under way of partitions that stay must be read again from
   * the offsets that this gives: nobody waits for what becomes of it.
   */
  assign(partitions: Readonly<Record<string, readonly number[]>>): readonly NextOffset[] {
    const before = this.runs;
    this.runs = new Map();
    for (const run of before.values()) run.end();
    return Object.entries(partitions).flatMap(([topic, numbers]) =>
      numbers.flatMap((partition) => {
        this.beginAgain({ topic, partition });
        return before.get(`${topic}/${partition}`)?.unsettledFrom ?? [];
      }),
    );
  }
}
