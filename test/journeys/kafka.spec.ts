// The whole service behind a real broker: messages for many customers, some twice, some poison,
// the broker restarted twice and the service killed. `npm run test:kafka` runs it at full size.
import { readTopic, sendMessages, withAdmin, type Kafka } from '@deltabook/adapters/kafka';
import type { Settings } from '../../apps/service/src/settings';
import { campaignMessage, expectedOf, poisonCount } from '../support/kafka/campaign-messages';
import { clientOf, kafkaSettings, quiet, until } from '../support/kafka/intake-in-process';
import { kafkaHome, startKafka, type KafkaCluster } from '../support/kafka/kafka-cluster';
import { recordedNumbers } from '../support/kafka/recorded-numbers';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';

const FULL = process.env['KAFKA_CAMPAIGN'] === 'full';
const SIZE = {
  messages: FULL ? 1_000_000 : 20_000,
  customers: FULL ? 10_000 : 400,
};
const BOTH_DOORS_KEYS = FULL ? 10_000 : 300;
interface PublishedEvent {
  readonly event: string;
  readonly data: {
    readonly customerId: string;
    readonly sequenceNumber: number;
    readonly verifiedThrough: number;
  };
}

const SENT_AT_ONCE = 10_000;
const PAGE = 100;
/** Emitted over HTTP after everything, to know when all before it is projected. */
const LAST = 'last';
jest.setTimeout(FULL ? 3_600_000 : 240_000);

const home = kafkaHome();
const describeWithKafka = 'missing' in home ? describe.skip : describe;
const why = 'missing' in home ? ` (${home.missing})` : '';

describeWithKafka(`The service behind Kafka${why}`, () => {
  let cluster: KafkaCluster;
  let kafka: Kafka;
  let settings: Settings;
  let service: ServiceProcess;
  const dataDir = aDataDir();

  const start = (group: string): Promise<ServiceProcess> =>
    startService(dataDir, {
      KAFKA_BROKERS: settings.KAFKA_BROKERS,
      KAFKA_GROUP: group,
      KAFKA_DELTAS_TOPIC: settings.KAFKA_DELTAS_TOPIC,
      KAFKA_DELTAS_TOPIC_DLQ: settings.KAFKA_DELTAS_TOPIC_DLQ,
      KAFKA_EVENTS_TOPIC: settings.KAFKA_EVENTS_TOPIC,
      KAFKA_PARTITIONS: '8',
      KAFKA_SESSION_TIMEOUT_MS: '6000',
      KAFKA_RETRY_MS_MAX: '1000',
    });

  beforeAll(async () => {
    cluster = await startKafka();
    settings = kafkaSettings(cluster.brokers, dataDir);
    kafka = clientOf(settings);
  });
  afterAll(async () => {
    await service?.stop('SIGKILL');
    await cluster.stop();
  });

  /** Offsets that the group has committed and those at the ends, added up over the partitions. */
  const progress = async (group: string): Promise<{ committed: number; end: number }> => {
    const topic = settings.KAFKA_DELTAS_TOPIC;
    return withAdmin(kafka, async (admin) => {
      const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
      const ends = await admin.fetchTopicOffsets(topic);
      const sum = (values: readonly string[]): number =>
        values.reduce((total, value) => total + Math.max(0, Number(value)), 0);
      return {
        committed: sum(offsets?.partitions.map(({ offset }) => offset) ?? []),
        end: sum(ends.map(({ high }) => high)),
      };
    });
  };
  /** Brokers that are away are asked again. */
  const committed = async (group: string, share: number): Promise<boolean> => {
    try {
      const { committed: done, end } = await progress(group);
      return end > 0 && done >= end * share;
    } catch (error) {
      quiet('warn', 'no progress known', { detail: String(error) });
      return false;
    }
  };
  const sendRange = async (from: number, to: number): Promise<void> => {
    for (let at = from; at < to; at += SENT_AT_ONCE) {
      const count = Math.min(SENT_AT_ONCE, to - at);
      const messages = Array.from({ length: count }, (_, i) => campaignMessage(at + i, SIZE));
      await sendMessages(kafka, settings.KAFKA_DELTAS_TOPIC, messages);
    }
  };
  /** Balances that the list of customers serves once all is projected, by customerId. */
  const servedBalances = async (): Promise<ReadonlyMap<string, number>> => {
    const served = new Map<string, number>();
    const last = { customerId: LAST, delta: 1, reason: 'last of all' };
    const { body: reply } = await service.post('/api/v1/balance/delta', last);
    const { position } = reply.data as { position: string };
    for (let page = 1; ; page += 1) {
      const query = `limit=${PAGE}&page=${page}&sortBy=customerId&minPosition=${position}`;
      const path = `/api/v1/balance/customers?${query}`;
      const { body } = await service.get(path);
      const { customers } = body.data as {
        customers: readonly { customerId: string; computedBalance: number }[];
      };
      for (const { customerId, computedBalance } of customers) {
        served.set(customerId, computedBalance);
      }
      if (customers.length < PAGE) return served;
    }
  };

  it('has every delta once and in order after kills and restarts', async () => {
    const group = settings.KAFKA_GROUP;
    service = await start(group);
    await until(async () => (await withAdmin(kafka, (admin) => admin.listTopics())).length >= 3);
    await sendRange(0, SIZE.messages / 2);
    await until(() => committed(group, 0.2));
    await cluster.kill();
    await cluster.start();
    await until(() => committed(group, 0.4));
    await service.stop('SIGKILL');
    await sendRange(SIZE.messages / 2, SIZE.messages);
    service = await start(group);
    await until(() => committed(group, 0.6));
    await cluster.kill();
    await cluster.start();
    await until(() => committed(group, 1));
    const expected = expectedOf(SIZE);
    const balances = new Map([...expected].map(([id, { units }]) => [id, units]));
    const served = new Map(await servedBalances());
    served.delete(LAST);
    expect(served).toEqual(balances);
    await service.stop('SIGTERM');
    const recorded = await recordedNumbers(dataDir);
    expect(recorded.size).toBe(expected.size + 1);
    for (const [id, { numbers }] of expected) expect(recorded.get(id)).toEqual(numbers);
    const keys: string[] = [];
    await readTopic(kafka, settings.KAFKA_DELTAS_TOPIC_DLQ, ({ key }) => keys.push(String(key)));
    expect(keys).toHaveLength(poisonCount(SIZE));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('publishes each delta in order, and how far each customer is verified', async () => {
    service = await start(settings.KAFKA_GROUP);
    const sequences = new Map<string, number>();
    const verified = new Map<string, number>();
    const take = ({ event, data }: PublishedEvent): void => {
      const { customerId, sequenceNumber, verifiedThrough } = data;
      if (event === 'delta.verified') verified.set(customerId, verifiedThrough);
      if (event !== 'delta.recorded') return;
      // What was sent twice is of before: nothing is ahead of its turn.
      const next = (sequences.get(customerId) ?? 0) + 1;
      expect(sequenceNumber).toBeLessThanOrEqual(next);
      sequences.set(customerId, Math.max(next - 1, sequenceNumber));
    };
    const read = async (): Promise<void> => {
      for (const seen of [sequences, verified]) seen.clear();
      await readTopic(kafka, settings.KAFKA_EVENTS_TOPIC, ({ value }) =>
        take(JSON.parse(String(value)) as PublishedEvent),
      );
    };
    await until(async () => {
      await read();
      return verified.has(LAST);
    });
    // The send that brought the last one may have been under way to other partitions.
    await service.stop('SIGTERM');
    await read();
    const expected = expectedOf(SIZE);
    expect(sequences.size).toBe(expected.size + 1);
    for (const [id, { numbers }] of expected) expect(sequences.get(id)).toBe(numbers.length);
    expect(verified).toEqual(sequences);
  });

  it('changes nothing when a new group reads the topic from the start', async () => {
    const group = `${settings.KAFKA_GROUP}-again`;
    const before = await recordedNumbers(dataDir);
    service = await start(group);
    await until(() => committed(group, 1));
    await service.stop('SIGTERM');
    expect(await recordedNumbers(dataDir)).toEqual(before);
  });

  it('gives a key that comes by HTTP and Kafka at once one effect', async () => {
    const group = `${settings.KAFKA_GROUP}-again`;
    service = await start(group);
    const bodies = Array.from({ length: BOTH_DOORS_KEYS }, (_, i) => ({
      customerId: `both_${i % 20}`,
      delta: 1,
      reason: 'once',
    }));
    const messages = bodies.map((body, i) => ({
      key: body.customerId,
      value: JSON.stringify({ ...body, idempotencyKey: `both-${i}` }),
    }));
    const posts = Promise.all(
      bodies.map(async (body, i) => {
        const headers = { 'Idempotency-Key': `both-${i}` };
        return (await service.post('/api/v1/balance/delta', body, headers)).status;
      }),
    );
    await Promise.all([posts, sendMessages(kafka, settings.KAFKA_DELTAS_TOPIC, messages)]);
    expect(new Set(await posts)).toEqual(new Set([201]));
    await until(() => committed(group, 1));
    await service.stop('SIGTERM');
    const recorded = await recordedNumbers(dataDir);
    const both = [...recorded].filter(([id]) => id.startsWith('both_'));
    expect(both.reduce((sum, [, { length }]) => sum + length, 0)).toBe(BOTH_DOORS_KEYS);
  });
});
