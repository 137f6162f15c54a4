// The Kafka door: a consumer group over the deltas topics. It fetches on while what it fetched
// before is decided; an offset is committed once everything up to it is durable or a dead letter,
// so whatever dies, the rest comes again and counts once.
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { KafkaLog } from '../connection';
import type { DeadLetter } from '../dead-letters/dead-letter';
import type { DeadLetterWriter } from '../dead-letters/dead-letter-writer';
import type { NextOffset } from '../dead-letters/partition-letters';
import { withHeartbeats } from './heartbeats';
import { countSettled, newIntakeStatistics, type IntakeStatistics } from './intake-statistics';
import { OffsetCommits } from './offset-commits';
import { PartitionBatch, type PartitionServices, type Settled } from './partition-batch';
import { PartitionRests } from './partition-rests';
import { PartitionRuns, type PartitionRun } from './partition-run';
import type { TopicBinding } from './topic-binding';

/** Why a partition waits whose dead letters could not be written. */
const LETTERS_WAIT = 'DEAD_LETTERS_UNAVAILABLE';

export interface DeltaIntakeOptions {
  readonly kafka: Kafka;
  readonly bindings: readonly TopicBinding[];
  readonly cluster: string;
  readonly epoch: string;
  readonly groupId: string;
  readonly deadLetters: Pick<DeadLetterWriter, 'write'>;
  readonly services: Omit<PartitionServices, 'onError'>;
  /** Partitions decided at once. */
  readonly partitionsAtOnce: number;
  readonly fetchBytesMax: number;
  readonly partitionBytesMax: number;
  readonly fetchWaitMs: number;
  /** How long an offset that may be committed waits for others. */
  readonly commitIntervalMs: number;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  /** First and longest pause of a partition whose deltas are refused for now. */
  readonly pauseMs: number;
  readonly pauseMsMax: number;
  readonly log: KafkaLog;
}

export class DeltaIntake {
  readonly statistics: IntakeStatistics = newIntakeStatistics();
  private consumer: Consumer | undefined;
  private stopping = false;
  private readonly runs = new PartitionRuns();
  private readonly commits: OffsetCommits;
  private readonly rests: PartitionRests;
  private readonly services: PartitionServices;
  private restart: NodeJS.Timeout | undefined;

  constructor(private readonly options: DeltaIntakeOptions) {
    const { services, log } = options;
    this.services = { ...services, onError: (message, fields) => log('error', message, fields) };
    this.rests = new PartitionRests({ firstMs: options.pauseMs, mostMs: options.pauseMsMax });
    this.commits = new OffsetCommits({
      commit: async (offsets) => this.consumer?.commitOffsets(offsets),
      intervalMs: options.commitIntervalMs,
      log,
    });
  }

  /** Joins the group; resolves once the topics are subscribed. */
  async start(): Promise<void> {
    const { options } = this;
    const consumer = options.kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: options.sessionTimeoutMs,
      rebalanceTimeout: options.rebalanceTimeoutMs,
      heartbeatInterval: this.heartbeatMs,
      maxBytes: options.fetchBytesMax,
      maxBytesPerPartition: options.partitionBytesMax,
      maxWaitTimeInMs: options.fetchWaitMs,
      allowAutoTopicCreation: false,
    });
    this.consumer = consumer;
    this.watch(consumer);
    await consumer.connect();
    const topics = options.bindings.map(({ topic }) => topic);
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({
      // What is resolved was merely fetched.
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: options.partitionsAtOnce,
      eachBatch: (payload) => this.takeBatch(payload),
    });
  }

  /** Takes nothing more, waits for what is under way, commits it and leaves the group. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    if (this.statistics.joined) {
      this.consumer?.pause(this.options.bindings.map(({ topic }) => ({ topic })));
    }
    await this.settleAll();
    await this.consumer?.disconnect();
    this.commits.clear();
    this.rests.clear();
    this.statistics.joined = false;
  }

  private get heartbeatMs(): number {
    return Math.floor(this.options.sessionTimeoutMs / 10);
  }

  private async takeBatch(payload: EachBatchPayload): Promise<void> {
    const { topic, partition } = payload.batch;
    const binding = this.options.bindings.find((bound) => bound.topic === topic);
    if (!binding || this.stopping || payload.isStale()) return;
    const run = this.runs.of(topic, partition);
    if (!run) return;
    const taking = run.isOver ? run.settled() : this.handOver(payload, run, binding);
    const lost = await withHeartbeats(taking, {
      heartbeat: payload.heartbeat,
      intervalMs: this.heartbeatMs,
      onLost: () => run.stop(),
    });
    if (lost === undefined) return;
    // The client then joins the group again, or fetches on; what was left behind is sought.
    await this.settleAll();
    throw lost as Error;
  }

  private handOver(
    payload: EachBatchPayload,
    run: PartitionRun,
    binding: TopicBinding,
  ): Promise<void> {
    const { cluster, epoch } = this.options;
    const { partition, messages } = payload.batch;
    const place = { binding, partition, cluster, epoch };
    const batch = new PartitionBatch(messages, place, this.services, run.sequence);
    // From where the client fetches on; what cannot be taken now is sought again.
    const last = messages.at(-1);
    if (last) payload.resolveOffset(last.offset);
    return run.take(batch, (settled) => this.settle(payload, run, settled));
  }

  /** Hands nothing more over; resolves once what is under way is committed. */
  private async settleAll(): Promise<void> {
    await this.runs.stop();
    await this.commits.flush();
  }

  private async settle(
    payload: EachBatchPayload,
    run: PartitionRun,
    settled: Settled,
  ): Promise<void> {
    const { topic, partition, messages, highWatermark } = payload.batch;
    const next = { topic, partition, offset: offsetAfter(payload, settled.count) };
    const areWritten = await this.write(settled.letters, next);
    // Assigned anew meanwhile.
    if (run.hasEnded) return;
    if (!areWritten) {
      this.rest(payload, LETTERS_WAIT);
      this.readAgain({ ...next, offset: offsetAfter(payload, 0) });
      return;
    }
    this.commits.add(next);
    this.statistics.lag.set(`${topic}/${partition}`, BigInt(highWatermark) - BigInt(next.offset));
    countSettled(this.statistics, settled);
    if (settled.heldBy === undefined) this.rests.wentOn(`${topic}/${partition}`);
    else this.rest(payload, settled.heldBy);
    // The client's own position is behind all of them.
    if (settled.count < messages.length) this.readAgain(next);
  }

  /** False when they could not be written, of which their writer has said why. */
  private async write(letters: readonly DeadLetter[], next: NextOffset): Promise<boolean> {
    if (letters.length === 0) return true;
    return this.options.deadLetters.write(letters, next).then(
      () => true,
      () => false,
    );
  }

  private readAgain(from: NextOffset): void {
    this.runs.beginAgain(from);
    this.consumer?.seek(from);
  }

  /** Lets the partition rest; its messages stay where they are and are fetched again. */
  private rest(payload: EachBatchPayload, code: string): void {
    const { topic, partition } = payload.batch;
    const ms = this.rests.begin(`${topic}/${partition}`, payload.pause());
    this.statistics.pauses += 1;
    this.options.log('warn', 'partition waits', { topic, partition, code, ms });
  }

  private watch(consumer: Consumer): void {
    const { statistics } = this;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      statistics.rebalances += 1;
      statistics.joined = true;
      const { memberAssignment } = payload as { memberAssignment: Record<string, number[]> };
      this.commits.clear();
      for (const from of this.runs.assign(memberAssignment)) consumer.seek(from);
      const mine = new Set(
        Object.entries(memberAssignment).flatMap(([topic, partitions]) =>
          partitions.map((partition) => `${topic}/${partition}`),
        ),
      );
      for (const place of statistics.lag.keys()) if (!mine.has(place)) statistics.lag.delete(place);
    });
    consumer.on(consumer.events.DISCONNECT, () => {
      statistics.joined = false;
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      statistics.joined = false;
      statistics.crashes += 1;
      const detail = payload.error.message;
      this.options.log('warn', 'consumer ended and starts again', { detail });
      // The client does so by itself only after errors that it knows to pass.
      if (!payload.restart) this.startAgain();
    });
  }

  private startAgain(): void {
    if (this.stopping) return;
    clearTimeout(this.restart);
    this.restart = setTimeout(() => {
      this.start().catch((error: unknown) => {
        const detail = error instanceof Error ? error.message : String(error);
        this.options.log('error', 'consumer could not start again', { detail });
        this.startAgain();
      });
    }, this.options.pauseMsMax);
  }
}

/** From where a partition goes on once so many of the messages are settled. */
function offsetAfter({ batch }: EachBatchPayload, count: number): string {
  const { messages } = batch;
  // Behind the last one there may be markers of transactions.
  if (count === messages.length) return String(BigInt(batch.lastOffset()) + 1n);
  return messages[count]?.offset ?? batch.firstOffset() ?? '0';
}
