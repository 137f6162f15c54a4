// The same idempotency key by HTTP and Kafka at once, many times over, on the whole service
// behind a real broker. `npm run test:kafka` runs it at full size.
import type { Kafka } from '@deltabook/adapters/kafka';
import type { Settings } from '../../apps/service/src/settings';
import { hasCommitted, say } from '../support/kafka/group-progress';
import { clientOf, kafkaSettings, until } from '../support/kafka/intake-in-process';
import { describeWithKafka, startKafka, type KafkaCluster } from '../support/kafka/kafka-cluster';
import { recordedNumbers } from '../support/kafka/recorded-numbers';
import { metricOf } from '../support/service-metric';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';

const FULL = process.env['KAFKA_CAMPAIGN'] === 'full';
const KEYS = FULL ? 10_000 : 300;
const AT_ONCE = 100;
jest.setTimeout(FULL ? 3_600_000 : 240_000);

describeWithKafka('Both doors at once', () => {
  let cluster: KafkaCluster;
  let kafka: Kafka;
  let settings: Settings;
  let service: ServiceProcess;
  const dataDir = aDataDir();

  beforeAll(async () => {
    cluster = await startKafka();
    settings = kafkaSettings(cluster.brokers, dataDir);
    kafka = clientOf(settings);
    service = await startService(dataDir, {
      KAFKA_BROKERS: settings.KAFKA_BROKERS,
      KAFKA_GROUP: settings.KAFKA_GROUP,
      KAFKA_DELTAS_TOPIC: settings.KAFKA_DELTAS_TOPIC,
      KAFKA_DELTAS_TOPIC_DLQ: settings.KAFKA_DELTAS_TOPIC_DLQ,
      KAFKA_PUBLISHER: 'false',
      KAFKA_FETCH_WAIT_MS: '5',
    });
    await until(async () => (await metricOf(service, 'deltabook_kafka_joined')) === 1);
  });
  afterAll(async () => {
    await service?.stop('SIGKILL');
    await cluster.stop();
  });

  it('gives a key that comes by HTTP and Kafka at once one effect', async () => {
    const bodies = Array.from({ length: KEYS }, (_, i) => ({
      customerId: `both_${i % 20}`,
      delta: 1,
      reason: 'once',
    }));
    const messages = bodies.map((body, i) => ({
      key: body.customerId,
      value: JSON.stringify({ ...body, idempotencyKey: `both-${i}` }),
    }));
    const { KAFKA_DELTAS_TOPIC: topic, KAFKA_GROUP: group } = settings;
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    let repeats = 0;
    const post = async (body: object, key: string): Promise<void> => {
      const headers = { 'Idempotency-Key': key };
      const reply = await service.post('/api/v1/balance/delta', body, headers);
      expect(reply.status).toBe(201);
      if ((reply.body.data as { idempotent?: true }).idempotent) repeats += 1;
    };
    for (let at = 0; at < bodies.length; at += AT_ONCE) {
      const to = at + AT_ONCE;
      const posts = bodies.slice(at, to).map((body, i) => post(body, `both-${at + i}`));
      await Promise.all([...posts, producer.send({ topic, messages: messages.slice(at, to) })]);
    }
    await producer.disconnect();
    say(`Kafka came before HTTP for ${repeats} keys of ${KEYS}`, true);
    await until(() => hasCommitted({ kafka, topic, group }, 1));
    await service.stop('SIGTERM');
    const recorded = await recordedNumbers(dataDir);
    const both = [...recorded].filter(([id]) => id.startsWith('both_'));
    expect(both.reduce((sum, [, { length }]) => sum + length, 0)).toBe(KEYS);
  });
});
