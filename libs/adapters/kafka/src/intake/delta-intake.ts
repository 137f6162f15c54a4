// The Kafka door: a consumer group over the deltas topics. An offset is resolved once everything up
// to it is durable or a dead letter, so whatever dies, the rest comes again and counts once.
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { KafkaLog } from '../connection';
import type { DeadLetterWriter } from '../dead-letters/dead-letter-writer';
import { withHeartbeats } from './heartbeats';
import { newIntakeStatistics, type IntakeStatistics } from './intake-statistics';
import { PartitionBatch, type PartitionServices, type Settled } from './partition-batch';
import type { TopicBinding } from './topic-binding';

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
  private readonly batches = new Set<PartitionBatch>();
  private readonly pauses = new Map<
    string,
    { readonly timer: NodeJS.Timeout; readonly ms: number }
  >();
  private readonly services: PartitionServices;
  private restart: NodeJS.Timeout | undefined;

  constructor(private readonly options: DeltaIntakeOptions) {
    const { services, log } = options;
    this.services = { ...services, onError: (message, fields) => log('error', message, fields) };
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
      // Commits what is resolved, which is what is durable; never what was merely fetched.
      autoCommit: true,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: options.partitionsAtOnce,
      eachBatch: (payload) => this.takeBatch(payload),
    });
  }

  /** Takes nothing more, waits for what is under way, commits it and leaves the group. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    for (const batch of this.batches) batch.stop();
    await this.consumer?.disconnect();
    for (const { timer } of this.pauses.values()) clearTimeout(timer);
    this.pauses.clear();
    this.statistics.joined = false;
  }

  private get heartbeatMs(): number {
    return Math.floor(this.options.sessionTimeoutMs / 10);
  }

  private async takeBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat } = payload;
    const { topic, partition, messages } = batch;
    const { bindings, cluster, epoch } = this.options;
    const binding = bindings.find((bound) => bound.topic === topic);
    if (!binding || this.stopping) return;
    const place = { binding, partition, cluster, epoch };
    const inHand = new PartitionBatch(messages, place, this.services);
    this.batches.add(inHand);
    try {
      const { lost } = await withHeartbeats(this.decide(payload, inHand), {
        heartbeat,
        intervalMs: this.heartbeatMs,
        onLost: () => inHand.stop(),
      });
      // The client then commits what is resolved and joins the group again.
      if (lost !== undefined) throw lost as Error;
    } finally {
      this.batches.delete(inHand);
    }
  }

  private async decide(payload: EachBatchPayload, inHand: PartitionBatch): Promise<void> {
    const { batch, resolveOffset } = payload;
    const { topic, partition, messages } = batch;
    const settled = await inHand.settle();
    const last = messages[settled.count - 1];
    if (last !== undefined) {
      if (settled.letters.length > 0) {
        const offset = String(BigInt(last.offset) + 1n);
        await this.options.deadLetters.write(settled.letters, { topic, partition, offset });
      }
      resolveOffset(last.offset);
      const place = `${topic}/${partition}`;
      this.statistics.lag.set(place, BigInt(batch.highWatermark) - BigInt(last.offset) - 1n);
    }
    this.count(settled);
    if (settled.heldBy === undefined) this.pauses.delete(`${topic}/${partition}`);
    else this.pause(payload, settled.heldBy);
  }

  private count(settled: Settled): void {
    const { statistics } = this;
    statistics.consumed += settled.count;
    statistics.emitted += settled.emittedCount;
    statistics.repeated += settled.repeatedCount;
    statistics.deadLettered += settled.letters.length;
  }

  /** Lets the partition rest; its messages stay where they are and are fetched again. */
  private pause(payload: EachBatchPayload, code: string): void {
    const { topic, partition } = payload.batch;
    const { pauseMs, pauseMsMax, log } = this.options;
    const place = `${topic}/${partition}`;
    const ms = Math.min(pauseMsMax, (this.pauses.get(place)?.ms ?? pauseMs / 2) * 2);
    const resume = payload.pause();
    this.statistics.pauses += 1;
    log('warn', 'partition waits', { topic, partition, code, ms });
    this.pauses.set(place, { ms, timer: setTimeout(resume, ms) });
  }

  private watch(consumer: Consumer): void {
    const { statistics } = this;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      statistics.rebalances += 1;
      statistics.joined = true;
      const { memberAssignment } = payload as { memberAssignment: Record<string, number[]> };
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
