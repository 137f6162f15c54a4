// The Kafka intake on a real broker and the embedded store: what is taken, what is refused and
// where it goes, and that whatever comes twice counts once.
import {
  listDeadLetters,
  replayDeadLetters,
  sendMessages,
  type DeadLetter,
} from '@deltabook/adapters/kafka';
import { topicBindings } from '../../apps/service/src/kafka';
import type { RunningIntake } from '../../apps/service/src/kafka';
import type { Settings } from '../../apps/service/src/settings';
import {
  clientOf,
  deltaMessage,
  kafkaSettings,
  readBody,
  runIntake,
  until,
} from '../support/kafka/intake-in-process';
import { describeWithKafka, startKafka, type KafkaCluster } from '../support/kafka/kafka-cluster';
import { openLedger, type LedgerInProcess } from '../support/kafka/ledger-in-process';
import { aDataDir } from '../support/service-process';

jest.setTimeout(180_000);

describeWithKafka('Kafka intake', () => {
  let cluster: KafkaCluster;
  let ledger: LedgerInProcess;
  let settings: Settings;
  let running: RunningIntake | undefined;

  beforeAll(async () => {
    cluster = await startKafka();
  });
  afterAll(() => cluster.stop());
  beforeEach(async () => {
    ledger = await openLedger(aDataDir());
    settings = kafkaSettings(cluster.brokers, aDataDir());
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await ledger.close();
  });

  const settled = (count: number): Promise<void> =>
    until(() => (running?.intake.statistics.consumed ?? 0) >= count);
  const letters = (): ReturnType<typeof listDeadLetters> =>
    listDeadLetters(clientOf(settings), {
      topic: settings.KAFKA_DELTAS_TOPIC_DLQ,
      lettersMax: 1_000,
    });

  /** A committed transaction shows up once its marker is written, a moment after it is answered. */
  const lettersOnce = async (count: number): Promise<readonly DeadLetter[]> => {
    await until(async () => (await letters()).length >= count);
    return letters();
  };

  it('emits every delta once and in order, also when the topic is read again', async () => {
    running = await runIntake(settings, ledger);
    const messages = Array.from({ length: 3_000 }, (_, i) => deltaMessage(`cust_${i % 50}`, i + 1));
    await sendMessages(clientOf(settings), settings.KAFKA_DELTAS_TOPIC, messages);
    // Not the consumed ones: after a rebalance some are consumed twice before others are once.
    await until(() => (running?.intake.statistics.emitted ?? 0) >= 3_000);
    await running.stop();
    const again = { ...settings, KAFKA_GROUP: `${settings.KAFKA_GROUP}-again` };
    running = await runIntake(again, ledger);
    await until(() => (running?.intake.statistics.repeated ?? 0) >= 3_000);
    expect(running.intake.statistics).toMatchObject({ emitted: 0 });
    for (let customer = 0; customer < 50; customer += 1) {
      const expected = Array.from(
        { length: 60 },
        (_, i) => BigInt(customer + 1 + 50 * i) * 10n ** 9n,
      );
      const deltas = await ledger.deltasOf(`cust_${customer}`);
      expect(deltas.map(({ nano }) => nano)).toEqual(expected);
    }
  });

  it('takes a key from the field or the header and counts it once', async () => {
    running = await runIntake(settings, ledger);
    await sendMessages(clientOf(settings), settings.KAFKA_DELTAS_TOPIC, [
      deltaMessage('cust_a', 5, { idempotencyKey: 'k1' }),
      { ...deltaMessage('cust_a', 5), headers: { 'Idempotency-Key': 'k1' } },
      {
        ...deltaMessage('cust_a', 5, { idempotencyKey: 'k1' }),
        headers: { 'idempotency-key': 'k1' },
      },
      deltaMessage('cust_a', 5),
      deltaMessage('cust_a', 5),
    ]);
    await settled(5);
    expect(running.intake.statistics).toMatchObject({ emitted: 3, repeated: 2 });
  });

  it('puts poison aside with its bytes and reason, once, and goes on', async () => {
    running = await runIntake(settings, ledger);
    const { KAFKA_DELTAS_TOPIC: topic } = settings;
    const bytes = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
    await sendMessages(clientOf(settings), topic, [
      { key: 'cust_a', value: bytes, headers: { source: 'billing' }, partition: 1 },
      { key: 'cust_a', value: null, partition: 1 },
      { ...deltaMessage('cust_a', 0), partition: 1 },
      { ...deltaMessage('cust_a', 1), key: 'cust_b', partition: 1 },
      { ...deltaMessage('cust_a', 1, { tenant: 'other' }), partition: 1 },
      { ...deltaMessage('cust_a', 7, { tenant: 'default', environment: 'sandbox' }), partition: 1 },
      { ...deltaMessage('cust_a', 1, { idempotencyKey: 'k' }), partition: 1 },
      { ...deltaMessage('cust_a', 2, { idempotencyKey: 'k' }), partition: 1 },
    ]);
    await settled(8);
    const found = await lettersOnce(6);
    expect(found.map(({ coordinates, reason }) => [coordinates.offset, reason])).toEqual([
      ['0', 'MESSAGE_UNREADABLE'],
      ['1', 'MESSAGE_UNREADABLE'],
      ['2', 'VALIDATION_FAILED'],
      ['3', 'KEY_IS_NOT_CUSTOMER'],
      ['4', 'SCOPE_IS_NOT_OF_TOPIC'],
      ['7', 'IDEMPOTENCY_CONFLICT'],
    ]);
    const [first, second] = found;
    expect(first?.coordinates).toMatchObject({ topic, partition: 1 });
    expect(first?.message).toMatchObject({ key: Buffer.from('cust_a'), value: bytes });
    expect(String(first?.message.headers?.['source'])).toBe('billing');
    expect(second?.message.value).toBeNull();
    const deltas = await ledger.deltasOf('cust_a');
    expect(deltas.map(({ nano }) => nano)).toEqual([7_000_000_000n, 1_000_000_000n]);
  });

  it('replays a letter under its own key, and takes it away once it went through', async () => {
    // The topic's environment makes this message poison, until the operator mends the setting.
    running = await runIntake(
      { ...settings, KAFKA_TENANT: 'default', KAFKA_ENVIRONMENT: 'production' },
      ledger,
    );
    await sendMessages(clientOf(settings), settings.KAFKA_DELTAS_TOPIC, [
      deltaMessage('cust_a', 3, { environment: 'sandbox' }),
      deltaMessage('cust_a', 0),
    ]);
    await settled(2);
    await running.stop();
    running = undefined;
    const found = await lettersOnce(2);
    const options = {
      topic: settings.KAFKA_DELTAS_TOPIC_DLQ,
      bindings: topicBindings(settings),
      bodyBytesMax: 65_536,
      readBody,
      emitDeltas: ledger.emitDeltas.bind(ledger),
      now: () => 1_700_000_000_000,
    };
    const outcomes = async (): Promise<string[]> => {
      const replayed = await replayDeadLetters(clientOf(settings), found, options);
      return replayed.map(({ outcome, detail }) => outcome + detail.slice(0, 18)).sort();
    };
    expect(await outcomes()).toEqual(['emitted', 'refusedVALIDATION_FAILED:']);
    expect(await outcomes()).toEqual(['refusedVALIDATION_FAILED:', 'repeated']);
    expect(await ledger.deltasOf('cust_a')).toHaveLength(1);
    expect((await letters()).map(({ reason }) => reason)).toEqual(['VALIDATION_FAILED']);
  });
});
