// Two service processes behind Kafka on one EventStoreDB that join and leave the group, one of them
// killed: on the stand-in, and on a real server where there is one. `npm run test:kafka` runs it at
// full size.
import { EventStoreDbEventStore } from '@deltabook/adapters/eventstoredb';
import { withAdmin, type Kafka } from '@deltabook/adapters/kafka';
import type { Settings } from '../../apps/service/src/settings';
import type { RealServer } from '../support/eventstoredb/real-server';
import { eventStores } from '../support/eventstoredb/stores';
import {
  expectedBalances,
  expectLetters,
  expectRecorded,
  sendRange,
} from '../support/kafka/campaign';
import { hasCommitted } from '../support/kafka/group-progress';
import { clientOf, kafkaSettings, until } from '../support/kafka/intake-in-process';
import { describeWithKafka, startKafka, type KafkaCluster } from '../support/kafka/kafka-cluster';
import { readPublished, type Published } from '../support/kafka/published-events';
import { recordedNumbersOf } from '../support/kafka/recorded-numbers';
import { LAST, servedBalances } from '../support/kafka/served-balances';
import { metricOf } from '../support/service-metric';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';

const FULL = process.env['KAFKA_CAMPAIGN'] === 'full';
const SIZE = { messages: FULL ? 100_000 : 5_000, customers: FULL ? 2_000 : 100 };
jest.setTimeout(FULL ? 3_600_000 : 240_000);

describeWithKafka('Two processes behind Kafka', () => {
  let cluster: KafkaCluster;
  beforeAll(async () => {
    cluster = await startKafka();
  });
  afterAll(() => cluster.stop());

  describe.each(eventStores())('on EventStoreDB: %s', (_name, startStore) => {
    let store: RealServer;
    let kafka: Kafka;
    let settings: Settings;
    let running: ServiceProcess[] = [];
    const prefix = `kafka${process.pid}x${Math.floor(performance.now())}_`;
    const dirOfA = aDataDir();
    const dirOfB = aDataDir();

    const start = async (dataDir: string): Promise<ServiceProcess> => {
      const service = await startService(dataDir, {
        EVENT_STORE: store.connectionString,
        EVENT_STORE_PREFIX: prefix,
        KAFKA_BROKERS: settings.KAFKA_BROKERS,
        KAFKA_GROUP: settings.KAFKA_GROUP,
        KAFKA_DELTAS_TOPIC: settings.KAFKA_DELTAS_TOPIC,
        KAFKA_DELTAS_TOPIC_DLQ: settings.KAFKA_DELTAS_TOPIC_DLQ,
        KAFKA_EVENTS_TOPIC: settings.KAFKA_EVENTS_TOPIC,
        KAFKA_PARTITIONS: '8',
        KAFKA_SESSION_TIMEOUT_MS: '6000',
        // Few at a time, so that members come and go while messages wait.
        KAFKA_PARTITION_BYTES_MAX: '65536',
        KAFKA_PUBLISHER: String(dataDir === dirOfA),
      });
      running.push(service);
      return service;
    };
    const stop = async (service: ServiceProcess, signal: NodeJS.Signals): Promise<void> => {
      running = running.filter((other) => other !== service);
      await service.stop(signal);
    };
    const send = (from: number, to: number): Promise<void> =>
      sendRange({ kafka, topic: settings.KAFKA_DELTAS_TOPIC, size: SIZE }, from, to);
    const untilCommitted = (share: number): Promise<void> => {
      const group = settings.KAFKA_GROUP;
      const topic = settings.KAFKA_DELTAS_TOPIC;
      return until(() => hasCommitted({ kafka, topic, group }, share));
    };
    // Not until it consumes: the other member may have taken every message before it joined.
    const untilJoined = (service: ServiceProcess): Promise<void> =>
      until(async () => (await metricOf(service, 'deltabook_kafka_joined')) === 1);

    beforeAll(async () => {
      store = await startStore();
      settings = kafkaSettings(cluster.brokers, dirOfA);
      kafka = clientOf(settings);
    }, 180_000);
    afterAll(async () => {
      for (const service of [...running]) await stop(service, 'SIGTERM');
      await store.stop();
    });

    it('have every delta once and in order, whoever joins, dies and leaves', async () => {
      const first = await start(dirOfA);
      const { KAFKA_DELTAS_TOPIC: topic } = settings;
      await until(() =>
        withAdmin(kafka, async (admin) => (await admin.listTopics()).includes(topic)),
      );
      await send(0, SIZE.messages / 2);
      await untilCommitted(0.1);
      const second = await start(dirOfB);
      await untilJoined(second);
      await stop(first, 'SIGKILL');
      await send(SIZE.messages / 2, SIZE.messages);
      await untilCommitted(0.5);
      const again = await start(dirOfA);
      await send(SIZE.messages, SIZE.messages + SIZE.messages / 5);
      await untilJoined(again);
      await stop(second, 'SIGTERM');
      await untilCommitted(1);
      const sent = { ...SIZE, messages: SIZE.messages + SIZE.messages / 5 };
      expect(await servedBalances(again)).toEqual(expectedBalances(sent));
      expectRecorded(await recorded(), sent);
      await expectLetters(kafka, settings, sent);
    });

    async function recorded(): Promise<ReadonlyMap<string, number[]>> {
      const { connectionString } = store;
      const log = await EventStoreDbEventStore.open({ connectionString, streamPrefix: prefix });
      try {
        return await recordedNumbersOf(log);
      } finally {
        await log.close();
      }
    }

    it('publish the log once each delta is in it, and how far customers are verified', async () => {
      const read = (): Promise<Published> => readPublished(kafka, settings.KAFKA_EVENTS_TOPIC);
      await until(async () => (await read()).verified.get(LAST) === 1);
      for (const service of [...running]) await stop(service, 'SIGTERM');
      const { recorded: published, verified, early } = await read();
      expect(early).toEqual([]);
      const counts = [...(await recorded())].map(([id, numbers]) => [id, numbers.length] as const);
      expect(published).toEqual(new Map(counts));
      expect(verified).toEqual(published);
    });
  });
});
