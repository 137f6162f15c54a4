// Producers that abort: what they took back never was, on a real broker and the embedded store.
import { sendMessages } from '@deltabook/adapters/kafka';
import {
  clientOf,
  deltaMessage,
  kafkaSettings,
  runIntake,
  until,
} from '../support/kafka/intake-in-process';
import { describeWithKafka, startKafka, type KafkaCluster } from '../support/kafka/kafka-cluster';
import { openLedger, type LedgerInProcess } from '../support/kafka/ledger-in-process';
import { aDataDir } from '../support/service-process';

jest.setTimeout(180_000);

describeWithKafka('Kafka intake and aborted transactions', () => {
  let cluster: KafkaCluster;
  let ledger: LedgerInProcess;

  beforeAll(async () => {
    cluster = await startKafka();
    ledger = await openLedger(aDataDir());
  });
  afterAll(async () => {
    await ledger.close();
    await cluster.stop();
  });

  it('records nothing of them, in whatever order they ended', async () => {
    const settings = kafkaSettings(cluster.brokers, aDataDir());
    const { KAFKA_DELTAS_TOPIC: topic } = settings;
    // Makes the topic; the messages are to lie in one fetch.
    await (await runIntake(settings, ledger)).stop();
    const kafka = clientOf(settings);
    const aborts: (() => Promise<void>)[] = [];
    for (const name of ['a', 'b', 'c']) {
      const producer = kafka.producer({
        transactionalId: `${topic}-${name}`,
        maxInFlightRequests: 1,
        idempotent: true,
      });
      await producer.connect();
      const transaction = await producer.transaction();
      const messages = [{ ...deltaMessage('cust_a', 5), partition: 0 }];
      await transaction.send({ topic, messages });
      aborts.push(() => transaction.abort().finally(() => producer.disconnect()));
    }
    for (const abort of aborts.reverse()) await abort();
    await sendMessages(kafka, topic, [{ ...deltaMessage('cust_a', 7), partition: 0 }]);
    const running = await runIntake(settings, ledger);
    const units = async (): Promise<readonly bigint[]> =>
      (await ledger.deltasOf('cust_a')).map(({ nano }) => nano / 10n ** 9n);
    await until(async () => (await units()).includes(7n));
    await running.stop();
    expect(await units()).toEqual([7n]);
  });
});
