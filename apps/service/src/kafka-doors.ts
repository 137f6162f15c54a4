// The Kafka doors of a running service: started beside the HTTP doors, whether or not a broker
// answers yet, and stopped before the write path drains.
import {
  explainFailure,
  KAFKA_FAILED,
  withoutRepeats,
  type KafkaLog,
  type PublisherThread,
} from '@deltabook/adapters/kafka';
import type { OperatorHandlers } from '@deltabook/adapters/operator';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { deadLetterHandlers } from './dead-letter-handlers';
import { startIntake, topicBindings, type KafkaParts, type RunningIntake } from './kafka';
import { startPublisher, type PublisherSources } from './kafka-publisher';

export interface KafkaDoorsParts extends Omit<KafkaParts, 'log'>, Omit<PublisherSources, 'log'> {
  readonly logger: Logger;
}

export class KafkaDoors {
  private intake: RunningIntake | undefined;
  private publisher: PublisherThread | undefined;
  private readonly abort = new AbortController();
  private starting: Promise<void> | undefined;

  private constructor(private readonly parts: KafkaDoorsParts & KafkaParts) {}

  /** Throws for a wrong setting. */
  static of(parts: KafkaDoorsParts): KafkaDoors {
    const { settings, logger } = parts;
    topicBindings(settings);
    const write: KafkaLog = (level, message, fields) => logger[level](fields, message);
    const log = withoutRepeats(write, () => performance.now());
    return new KafkaDoors({ ...parts, log });
  }

  /** Once commands are handled; no broker needs to answer yet. */
  start(): void {
    const { settings } = this.parts;
    if (settings.KAFKA_INTAKE) this.starting = this.startIntake();
    if (settings.KAFKA_PUBLISHER) this.publisher = startPublisher(settings, this.parts);
  }

  /** Takes no more messages and publishes no more, once what is under way has its outcome. */
  async stop(): Promise<void> {
    this.abort.abort();
    const waitMs = this.parts.settings.DRAIN_MS;
    const intakeStopped = Promise.resolve(this.starting).then(() => this.intake?.stop());
    // Brokers that are away answer nothing: whatever they have not taken comes again.
    await Promise.all([
      Promise.race([intakeStopped, delay(waitMs, undefined, { ref: false })]),
      this.publisher?.stop(waitMs),
    ]);
  }

  /** What operators can do with letters of the intake. */
  operatorHandlers(): OperatorHandlers {
    return deadLetterHandlers(this.parts);
  }

  /** Numbers by the name of their metric. */
  values(): Readonly<Record<string, number>> {
    return { ...this.intakeValues(), ...this.publisherValues() };
  }

  /** What readiness warns of: deltas wait in their topics while no broker answers. */
  warnings(): readonly string[] {
    const joined = this.intake?.intake.statistics.joined ?? false;
    return this.parts.settings.KAFKA_INTAKE && !joined
      ? ['the Kafka intake has not joined its group']
      : [];
  }

  private async startIntake(): Promise<void> {
    const { signal } = this.abort;
    while (!signal.aborted) {
      try {
        this.intake = await startIntake(this.parts);
        return;
      } catch (error) {
        this.parts.log('warn', KAFKA_FAILED, { detail: explainFailure(error) });
        const pauseMs = this.parts.settings.KAFKA_RETRY_MS_MAX;
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private intakeValues(): Record<string, number> {
    const statistics = this.intake?.intake.statistics;
    if (!statistics) return {};
    let lag = 0n;
    for (const behind of statistics.lag.values()) lag += behind;
    return {
      deltabook_kafka_messages_total: statistics.consumed,
      deltabook_kafka_deltas_emitted_total: statistics.emitted,
      deltabook_kafka_deltas_repeated_total: statistics.repeated,
      deltabook_kafka_dead_letters_total: statistics.deadLettered,
      deltabook_kafka_pauses_total: statistics.pauses,
      deltabook_kafka_rebalances_total: statistics.rebalances,
      deltabook_kafka_crashes_total: statistics.crashes,
      deltabook_kafka_joined: statistics.joined ? 1 : 0,
      deltabook_kafka_lag_messages: Number(lag),
    };
  }

  private publisherValues(): Record<string, number> {
    const statistics = this.publisher?.statistics;
    if (!statistics) return {};
    const { position, head } = statistics;
    return {
      deltabook_kafka_published_total: statistics.published,
      deltabook_kafka_publish_failures_total: statistics.failures,
      deltabook_kafka_publish_lag_events: Math.max(0, Number(head - position)),
    };
  }
}
