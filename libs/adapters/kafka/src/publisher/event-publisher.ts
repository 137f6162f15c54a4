// Follows the event log and publishes it, one send after the other: a customer's events keep their
// order. The position is saved once the brokers have them; what dies before is sent again.
import { LOG_START, type EventStore, type LogBatch, type Position } from '@deltabook/application';
import type { Sha256Hex } from '@deltabook/integrity';
import { Partitioners, type Kafka, type Message, type Producer } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaLog } from '../connection';
import { explainFailure, KAFKA_FAILED } from '../failures';
import { CustomerIdentities, type FirstEvents } from './customer-identities';
import { customerStreamsOf, eventMessages, readEvents } from './event-messages';
import type { PositionFile } from './position-file';

const PUBLISHED_STREAM_PREFIXES = ['customer-', 'seals-'] as const;

export interface EventPublisherOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly log: Pick<EventStore, 'follow' | 'head'>;
  readonly firstEvents: FirstEvents;
  /** Makes sure of the topic and finds the saved position; rejects while no broker answers. */
  readonly openPositions: () => Promise<PositionFile>;
  readonly sha256Hex: Sha256Hex;
  readonly customersCachedMax: number;
  /** Events and bytes of one send; a partition's share of it is one record batch. */
  readonly sendCountMax: number;
  readonly sendBytesMax: number;
  readonly retryDelayMs: number;
  readonly report: KafkaLog;
}

export interface PublisherStatistics {
  published: number;
  sends: number;
  failures: number;
  /** Everything up to here is published. */
  position: Position;
  /** Of the log, when the publisher last looked. */
  head: Position;
}

export class EventPublisher {
  readonly statistics: PublisherStatistics = {
    published: 0,
    sends: 0,
    failures: 0,
    position: LOG_START,
    head: LOG_START,
  };
  private readonly abort = new AbortController();
  private readonly identities: CustomerIdentities;
  private producer: Producer | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly options: EventPublisherOptions) {
    this.identities = new CustomerIdentities(options.firstEvents, options.customersCachedMax);
  }

  /** Publishes until it is stopped; what fails is tried again. */
  start(): void {
    this.running ??= this.run();
  }

  /** Waits for the send under way, for `waitMs` at most: brokers that are away answer none. */
  async stop(waitMs: number): Promise<void> {
    this.abort.abort();
    await Promise.race([this.running, delay(waitMs, undefined, { ref: false })]);
    await this.letGo();
  }

  private get stopped(): boolean {
    return this.abort.signal.aborted;
  }

  private async run(): Promise<void> {
    const { retryDelayMs, report } = this.options;
    while (!this.stopped) {
      try {
        await this.publish();
      } catch (error) {
        this.statistics.failures += 1;
        report('warn', KAFKA_FAILED, { detail: explainFailure(error) });
        await this.letGo();
        await delay(retryDelayMs, undefined, { signal: this.abort.signal }).catch(() => undefined);
      }
    }
  }

  private async publish(): Promise<void> {
    const { log, openPositions, sendCountMax } = this.options;
    const positions = await openPositions();
    const after = await positions.load();
    this.statistics.position = after;
    const follow = {
      after,
      streamPrefixes: PUBLISHED_STREAM_PREFIXES,
      batchCountMax: sendCountMax,
      signal: this.abort.signal,
    };
    for await (const batch of log.follow(follow)) {
      this.statistics.head = await log.head();
      await this.publishBatch(batch, positions);
      if (this.stopped) return;
    }
  }

  private async publishBatch(batch: LogBatch, positions: PositionFile): Promise<void> {
    const { events, position } = batch;
    if (events.length > 0) {
      const read = readEvents(events);
      await this.identities.load(customerStreamsOf(read));
      const messages = eventMessages(read, this.identities, this.options.sha256Hex);
      for (const together of this.sends(messages)) await this.send(together);
      await positions.save(position);
    }
    this.statistics.position = position;
  }

  private *sends(messages: readonly Message[]): Generator<Message[]> {
    let together: Message[] = [];
    let byteCount = 0;
    for (const message of messages) {
      const more = message.value?.length ?? 0;
      if (together.length > 0 && byteCount + more > this.options.sendBytesMax) {
        yield together;
        together = [];
        byteCount = 0;
      }
      together.push(message);
      byteCount += more;
    }
    if (together.length > 0) yield together;
  }

  private async send(messages: Message[]): Promise<void> {
    const producer = await this.connected();
    await producer.send({ topic: this.options.topic, messages, acks: -1 });
    this.statistics.published += messages.length;
    this.statistics.sends += 1;
  }

  private async connected(): Promise<Producer> {
    if (this.producer) return this.producer;
    const producer = this.options.kafka.producer({
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
