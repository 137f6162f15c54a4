// The whole service behind a real broker: messages for many customers, some twice, some poison,
// the broker restarted twice and the service killed. `npm run test:kafka` runs it at full size.
import { makeMissingTopics, withAdmin, type Kafka } from '@deltabook/adapters/kafka';
import type { Settings } from '../../apps/service/src/settings';
import {
  expectedBalances,
  expectLetters,
  expectRecorded,
  sendRange,
} from '../support/kafka/campaign';
import { expectedOf } from '../support/kafka/campaign-messages';
import { hasCommitted, say } from '../support/kafka/group-progress';
import { clientOf, kafkaSettings, quiet, until } from '../support/kafka/intake-in-process';
import { describeWithKafka, startKafka, type KafkaCluster } from '../support/kafka/kafka-cluster';
import { readPublished, type Published } from '../support/kafka/published-events';
import { recordedNumbers } from '../support/kafka/recorded-numbers';
import { LAST, servedBalances } from '../support/kafka/served-balances';
import { metricOf } from '../support/service-metric';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';

const FULL = process.env['KAFKA_CAMPAIGN'] === 'full';
const SIZE = {
  messages: FULL ? 1_000_000 : 20_000,
  customers: FULL ? 10_000 : 400,
};
jest.setTimeout(FULL ? 3_600_000 : 240_000);

describeWithKafka('The service behind Kafka', () => {
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

  const committed = (group: string, share: number): Promise<boolean> =>
    hasCommitted({ kafka, topic: settings.KAFKA_DELTAS_TOPIC, group }, share);
  const makeTopic = (): Promise<void> => {
    const wanted = { topic: settings.KAFKA_DELTAS_TOPIC, partitionCount: 8, settings: {} };
    return withAdmin(kafka, (admin) => makeMissingTopics(admin, [wanted], quiet));
  };
  const send = (from: number, to: number): Promise<void> =>
    sendRange({ kafka, topic: settings.KAFKA_DELTAS_TOPIC, size: SIZE }, from, to);
  /** Events of the log that wait to be published. */
  const publishLag = async (): Promise<number> => {
    const lag = await metricOf(service, 'deltabook_kafka_publish_lag_events');
    say(`events to publish: ${lag}`);
    return lag ?? Number.POSITIVE_INFINITY;
  };

  it('has every delta once and in order after kills and restarts', async () => {
    const group = settings.KAFKA_GROUP;
    // Filled before anyone reads it: sending beside the service takes many times as long.
    await makeTopic();
    await send(0, SIZE.messages / 2);
    service = await start(group);
    await until(() => committed(group, 0.2));
    await cluster.kill();
    await cluster.start();
    await until(() => committed(group, 0.4));
    await service.stop('SIGKILL');
    await send(SIZE.messages / 2, SIZE.messages);
    service = await start(group);
    await until(() => committed(group, 0.6));
    await cluster.kill();
    await cluster.start();
    await until(() => committed(group, 1));
    expect(await servedBalances(service)).toEqual(expectedBalances(SIZE));
    await service.stop('SIGTERM');
    expectRecorded(await recordedNumbers(dataDir), SIZE);
    await expectLetters(kafka, settings, SIZE);
  });

  it('publishes each delta in order, and how far each customer is verified', async () => {
    service = await start(settings.KAFKA_GROUP);
    const read = (): Promise<Published> => readPublished(kafka, settings.KAFKA_EVENTS_TOPIC);
    const isVerified = async (): Promise<boolean> =>
      (await metricOf(service, 'deltabook_verification_lag_events')) === 0;
    await until(isVerified);
    await until(async () => (await publishLag()) === 0);
    // The last seal may have come after that; a look at all of the topic is too dear to begin with.
    await until(async () => (await read()).verified.has(LAST));
    // The send that brought the last one may have been under way to other partitions.
    await service.stop('SIGTERM');
    const { recorded, verified, early } = await read();
    expect(early).toEqual([]);
    const expected = expectedOf(SIZE);
    expect(recorded.size).toBe(expected.size + 1);
    for (const [id, { numbers }] of expected) expect(recorded.get(id)).toBe(numbers.length);
    expect(verified).toEqual(recorded);
  });

  it('changes nothing when a new group reads the topic from the start', async () => {
    const group = `${settings.KAFKA_GROUP}-again`;
    const before = await recordedNumbers(dataDir);
    service = await start(group);
    await until(() => committed(group, 1));
    await service.stop('SIGTERM');
    expect(await recordedNumbers(dataDir)).toEqual(before);
  });
});
