// Dead letters on a real broker: each is written once, whatever is read again and whoever has the
// partition.
import { DeadLetterWriter, readTopic, withAdmin, type DeadLetter } from '@deltabook/adapters/kafka';
import type { Settings } from '../../apps/service/src/settings';
import {
  clientOf,
  kafkaSettings,
  quiet,
  runIntake,
  until,
} from '../support/kafka/intake-in-process';
import { describeWithKafka, startKafka, type KafkaCluster } from '../support/kafka/kafka-cluster';
import { openLedger } from '../support/kafka/ledger-in-process';
import { aDataDir } from '../support/service-process';

jest.setTimeout(180_000);

describeWithKafka('Kafka dead letters', () => {
  let cluster: KafkaCluster;
  let settings: Settings;

  beforeAll(async () => {
    cluster = await startKafka();
  });
  afterAll(() => cluster.stop());
  /** The intake makes the topics. */
  beforeEach(async () => {
    settings = kafkaSettings(cluster.brokers, aDataDir());
    const ledger = await openLedger(aDataDir());
    await (await runIntake(settings, ledger)).stop();
    await ledger.close();
  });

  const aWriter = (): DeadLetterWriter =>
    new DeadLetterWriter({
      kafka: clientOf(settings),
      topic: settings.KAFKA_DELTAS_TOPIC_DLQ,
      groupId: settings.KAFKA_GROUP,
      transactionTimeoutMs: 10_000,
      retryDelayMs: 20,
      attemptsMax: 100,
      log: quiet,
    });
  const aLetter = (offset: string, partition = 0): DeadLetter => ({
    coordinates: {
      cluster: 'c',
      epoch: '0',
      topic: settings.KAFKA_DELTAS_TOPIC,
      partition,
      offset,
    },
    reason: 'MESSAGE_UNREADABLE',
    detail: 'no JSON',
    refusedAt: 0,
    message: { key: null, value: Buffer.from('{'), headers: {} },
  });
  /** Keys of all letters as they lie in the topic, once these are among them. */
  const storedKeys = async (places: readonly string[]): Promise<readonly string[]> => {
    const keys: string[] = [];
    await until(async () => {
      keys.length = 0;
      await readTopic(clientOf(settings), settings.KAFKA_DELTAS_TOPIC_DLQ, ({ key }) => {
        keys.push(String(key).replace(`${settings.KAFKA_DELTAS_TOPIC}/`, ''));
      });
      return places.every((place) => keys.includes(place));
    });
    return keys.sort();
  };

  it('writes no letter twice when messages are read again while their letters wait', async () => {
    const { KAFKA_DELTAS_TOPIC: topic } = settings;
    const writer = aWriter();
    // The second batch begins where the group's offset lay before the first one was settled.
    await Promise.all([
      writer.write([aLetter('3')], { topic, partition: 0, offset: '5' }),
      writer.write([aLetter('3'), aLetter('7')], { topic, partition: 0, offset: '9' }),
    ]);
    await writer.write([aLetter('3')], { topic, partition: 0, offset: '5' });
    await writer.write([aLetter('3', 1)], { topic, partition: 1, offset: '5' });
    await writer.write([aLetter('7')], { topic, partition: 0, offset: '9' });
    await writer.close();
    expect(await storedKeys(['0/7', '1/3'])).toEqual(['0/3', '0/7', '1/3']);
  });

  it('writes no letter twice when its partition moves, whoever thinks to have it', async () => {
    const { KAFKA_DELTAS_TOPIC: topic, KAFKA_GROUP: groupId } = settings;
    const [before, after] = [aWriter(), aWriter()];
    await before.write([aLetter('3')], { topic, partition: 0, offset: '5' });
    // A commit of its consumer that was under way for long.
    const partitions = [{ partition: 0, offset: '1' }];
    await withAdmin(clientOf(settings), (admin) =>
      admin.setOffsets({ groupId, topic, partitions }),
    );
    // It began to read before that was committed.
    await after.write([aLetter('3'), aLetter('7')], { topic, partition: 0, offset: '9' });
    // The one before has read on and does not know yet that the partition has moved.
    await before.write([aLetter('7'), aLetter('10')], { topic, partition: 0, offset: '12' });
    await after.write([aLetter('10'), aLetter('13')], { topic, partition: 0, offset: '14' });
    await Promise.all([before.close(), after.close()]);
    expect(await storedKeys(['0/10', '0/13'])).toEqual(['0/10', '0/13', '0/3', '0/7']);
  });

  it('writes no letter twice when a broker tells an older offset than it was given', async () => {
    const { KAFKA_DELTAS_TOPIC: topic, KAFKA_GROUP: group } = settings;
    const [writer, other] = [aWriter(), aWriter()];
    await writer.write([aLetter('3')], { topic, partition: 0, offset: '5' });
    // Shuts the first one out, which then has to ask anew what is written.
    await other.write([aLetter('7')], { topic, partition: 0, offset: '9' });
    const partitions = [{ partition: 0, offset: '1' }];
    const groupId = `${group}-letters`;
    await withAdmin(clientOf(settings), (admin) =>
      admin.setOffsets({ groupId, topic, partitions }),
    );
    await writer.write([aLetter('3'), aLetter('12')], { topic, partition: 0, offset: '14' });
    await Promise.all([writer.close(), other.close()]);
    expect(await storedKeys(['0/7', '0/12'])).toEqual(['0/12', '0/3', '0/7']);
  });
});
