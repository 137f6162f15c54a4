// The publisher on a real broker and the embedded store: every event with a stable id, in order per
// customer, whatever is stopped in between, and in the form that the reference says.
import { compileValidator } from '@deltabook/adapters/http';
import { readTopic } from '@deltabook/adapters/kafka';
import type { JsonSchema } from '@deltabook/contracts';
import { DeltaSequence, EmitDeltasCommand } from '@deltabook/application';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPublisher } from '../../apps/service/src/kafka-publisher';
import type { Settings } from '../../apps/service/src/settings';
import { clientOf, kafkaSettings, quiet, until } from '../support/kafka/intake-in-process';
import { describeWithKafka, startKafka, type KafkaCluster } from '../support/kafka/kafka-cluster';
import { openLedger, type LedgerInProcess } from '../support/kafka/ledger-in-process';
import { aDataDir } from '../support/service-process';

interface Published {
  readonly id: string;
  readonly data: {
    readonly customerId: string;
    readonly customerReference: string;
    readonly sequenceNumber: number;
  };
}

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SCHEMA = join(process.cwd(), 'docs/reference/kafka/delta-recorded.schema.json');
const { $schema: _dialect, ...schema } = JSON.parse(readFileSync(SCHEMA, 'utf8')) as JsonSchema;
const violationOf = compileValidator(schema);

jest.setTimeout(180_000);

describeWithKafka('Kafka publisher', () => {
  let cluster: KafkaCluster;
  let ledger: LedgerInProcess;
  let settings: Settings;

  beforeAll(async () => {
    cluster = await startKafka();
  });
  afterAll(() => cluster.stop());
  beforeEach(async () => {
    const dataDir = aDataDir();
    ledger = await openLedger(dataDir);
    settings = kafkaSettings(cluster.brokers, dataDir, { KAFKA_PUBLISH_BATCH_MAX: '100' });
  });
  afterEach(() => ledger.close());

  const publisher = (): ReturnType<typeof startPublisher> => {
    const { events: store, logSource, publisherEntry } = ledger.stores;
    return startPublisher(settings, { store, logSource, publisherEntry, log: quiet });
  };
  /** `count` deltas of each of five customers. */
  const emit = async (count: number, correlationId = 'c'): Promise<void> => {
    const scope = { tenant: 'default', environment: 'sandbox' } as const;
    const origin = {
      ...scope,
      door: 'kafka',
      actor: 'test',
      correlationId,
      now: 1_700_000_000_000,
    } as const;
    const deltas = Array.from({ length: 5 * count }, (_, i) => ({
      origin,
      delta: {
        customerId: `cust_${i % 5}`,
        nano: 1_500_000_000n,
        reason: 'usage',
        metadata: { i },
      },
      keySource: undefined,
    }));
    await ledger.emitDeltas(new EmitDeltasCommand(deltas, new DeltaSequence()));
  };
  interface Message {
    readonly key: string;
    readonly value: Published;
    readonly traceparent: string | undefined;
  }
  const published = async (): Promise<Message[]> => {
    const messages: Message[] = [];
    await readTopic(clientOf(settings), settings.KAFKA_EVENTS_TOPIC, ({ key, value, headers }) => {
      messages.push({
        key: String(key),
        value: JSON.parse(String(value)) as Published,
        traceparent: headers?.['traceparent']?.toString(),
      });
    });
    return messages;
  };
  const expectAllInOrder = (messages: readonly Message[], count: number): void => {
    const seen = new Set<string>();
    const sequences = new Map<string, number[]>();
    for (const { key, value } of messages) {
      expect(violationOf(value)).toBeUndefined();
      expect(key).toBe(value.data.customerReference);
      if (seen.has(value.id)) continue;
      seen.add(value.id);
      sequences.set(key, [...(sequences.get(key) ?? []), value.data.sequenceNumber]);
    }
    expect(sequences.size).toBe(5);
    const expected = Array.from({ length: count }, (_, i) => i + 1);
    for (const numbers of sequences.values()) expect(numbers).toEqual(expected);
  };

  it('publishes from the start, then what is new, and goes on where it stopped', async () => {
    await emit(60);
    let running = publisher();
    await until(() => running.statistics.published >= 300);
    await emit(20, TRACE_ID);
    await until(() => running.statistics.published >= 400);
    await running.stop(10_000);
    await emit(20);
    running = publisher();
    await until(() => running.statistics.published >= 100);
    await running.stop(10_000);
    const messages = await published();
    expect(messages).toHaveLength(500);
    expectAllInOrder(messages, 100);
    const traced = messages.filter(({ traceparent }) => traceparent?.startsWith(`00-${TRACE_ID}-`));
    expect(traced).toHaveLength(100);
  });

  it('publishes everything, in order, though the broker is killed meanwhile', async () => {
    const running = publisher();
    await emit(100);
    await until(() => running.statistics.published >= 100);
    await cluster.kill();
    await emit(100);
    await cluster.start();
    await emit(100);
    await until(() => running.statistics.position >= running.statistics.head);
    await until(() => running.statistics.published >= 1_500);
    await running.stop(10_000);
    expectAllInOrder(await published(), 300);
  });
});
