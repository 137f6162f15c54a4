// The Kafka intake in front of a ledger in this process, put together as the service does it.
import { deltaBodyReader } from '@deltabook/adapters/http';
import {
  kafkaClient,
  type Kafka,
  type KafkaLog,
  type Message,
  type ReadDeltaBody,
} from '@deltabook/adapters/kafka';
import { setTimeout as delay } from 'node:timers/promises';
import { kafkaConnection, startIntake, type RunningIntake } from '../../../apps/service/src/kafka';
import { readSettings, type Settings } from '../../../apps/service/src/settings';
import type { LedgerInProcess } from './ledger-in-process';

const POLL_MS = 20;

export const quiet: KafkaLog = (level, message, fields) => {
  if (process.env['KAFKA_TEST_LOG'])
    process.stderr.write(`${level} ${message} ${JSON.stringify(fields)}\n`);
};

/** Settings of a test: a group and topics of its own. */
export function kafkaSettings(
  brokers: readonly string[],
  dataDir: string,
  more: Readonly<Record<string, string>> = {},
): Settings {
  const name = `t${process.pid}x${Math.round(performance.now() * 1_000)}`;
  return readSettings({
    DATA_DIR: dataDir,
    KAFKA_BROKERS: brokers.join(','),
    KAFKA_GROUP: name,
    KAFKA_DELTAS_TOPIC: `${name}.deltas`,
    KAFKA_DELTAS_TOPIC_DLQ: `${name}.deltas.dlq`,
    KAFKA_EVENTS_TOPIC: `${name}.events`,
    KAFKA_PARTITIONS: '4',
    KAFKA_SESSION_TIMEOUT_MS: '6000',
    KAFKA_FETCH_WAIT_MS: '50',
    ...more,
  });
}

export const clientOf = (settings: Settings): Kafka =>
  kafkaClient(kafkaConnection(settings, quiet));

/** Reads bodies as the HTTP door does. */
export const readBody: ReadDeltaBody = deltaBodyReader();

/** Starts it, as often as it takes: brokers that have just started answer some requests late. */
export async function runIntake(
  settings: Settings,
  ledger: LedgerInProcess,
  log: KafkaLog = quiet,
): Promise<RunningIntake> {
  const emitDeltas = ledger.emitDeltas.bind(ledger);
  for (;;) {
    try {
      return await startIntake({ settings, emitDeltas, readBody, log });
    } catch (error) {
      log('warn', 'not started', { detail: String(error) });
      await delay(POLL_MS);
    }
  }
}

export const deltaMessage = (
  customerId: string,
  delta: number,
  more: Readonly<Record<string, unknown>> = {},
): Message => ({
  key: customerId,
  value: JSON.stringify({ customerId, delta, reason: 'usage', ...more }),
});

/** Resolves once `holds` does; the test's own timeout ends it otherwise. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(POLL_MS);
}
