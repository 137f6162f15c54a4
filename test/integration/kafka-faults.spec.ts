// What the intake does when brokers, connections and the ledger fail: nothing is lost, nothing
// counts twice, no customer's order changes, no letter is written twice.
import { readTopic, sendMessages, type Message } from '@deltabook/adapters/kafka';
import type { RunningIntake } from '../../apps/service/src/kafka';
import type { Settings } from '../../apps/service/src/settings';
import { freePorts } from '../support/free-ports';
import {
  clientOf,
  deltaMessage,
  kafkaSettings,
  quiet,
  runIntake,
  until,
} from '../support/kafka/intake-in-process';
import { kafkaHome, startKafka, type KafkaCluster } from '../support/kafka/kafka-cluster';
import { openLedger, type LedgerInProcess } from '../support/kafka/ledger-in-process';
import { aDataDir } from '../support/service-process';
import { startToxiproxy, toxiproxyServer, type Toxiproxy } from '../support/toxiproxy';

jest.setTimeout(180_000);

const CUSTOMERS = 40;
const POISON_EVERY = 50;
const home = kafkaHome();
const toxiproxy = toxiproxyServer();
const missing = [home, toxiproxy].flatMap((found) => ('missing' in found ? [found.missing] : []));
const describeWithFaults = missing.length > 0 ? describe.skip : describe;
const why = missing.length > 0 ? ` (${missing.join('; ')})` : '';

describeWithFaults(`Kafka intake under faults${why}`, () => {
  let cluster: KafkaCluster;
  let proxy: Toxiproxy;
  let ledger: LedgerInProcess;
  let dataDir: string;
  let settings: Settings;
  let running: RunningIntake;
  const lines: string[] = [];

  beforeAll(async () => {
    const [apiPort = 0, listenPort = 0] = await freePorts(2);
    cluster = await startKafka({ advertisedPort: listenPort });
    const upstreamPort = Number(cluster.brokers[0]?.split(':')[1]);
    proxy = await startToxiproxy({ apiPort, listenPort, upstreamPort });
  });
  afterAll(async () => {
    await cluster.stop();
    await proxy.stop();
  });
  beforeEach(async () => {
    dataDir = aDataDir();
    ledger = await openLedger(dataDir);
    settings = kafkaSettings(cluster.brokers, dataDir, {
      KAFKA_REQUEST_TIMEOUT_MS: '3000',
      KAFKA_CONNECT_TIMEOUT_MS: '1000',
      KAFKA_RETRY_MS_MAX: '500',
    });
    lines.length = 0;
    running = await runIntake(settings, ledger, (level, message, fields) => {
      lines.push(`${message} ${String(fields['error'])}`);
      quiet(level, message, fields);
    });
  });
  afterEach(async () => {
    await running.stop();
    await ledger.close();
  });

  /** Messages `from` … `to - 1`: each customer's amounts count up, some are poison. */
  const messages = (from: number, to: number): Message[] =>
    Array.from({ length: to - from }, (_, i) => {
      const at = from + i;
      const customer = `cust_${at % CUSTOMERS}`;
      return at % POISON_EVERY === 7
        ? { key: customer, value: `{"at":${at}` }
        : deltaMessage(customer, at + 1, { idempotencyKey: `k${at}` });
    });
  /** Sends them, again where the outcome of a send is not known: their keys make that harmless. */
  const send = async (from: number, to: number): Promise<void> => {
    const { KAFKA_DELTAS_TOPIC: topic } = settings;
    for (;;) {
      try {
        return await sendMessages(clientOf(settings), topic, messages(from, to));
      } catch (error) {
        quiet('warn', 'not sent', { detail: String(error) });
      }
    }
  };

  /** Everything that was sent is there, once and in order, and every poison message is a letter. */
  const expectAll = async (count: number): Promise<void> => {
    const poison = messages(0, count).flatMap(({ value }) =>
      String(value).endsWith('}') ? [] : [String(value)],
    );
    const expected = new Map<string, bigint[]>();
    for (let at = 0; at < count; at += 1) {
      if (at % POISON_EVERY === 7) continue;
      const customer = `cust_${at % CUSTOMERS}`;
      expected.set(customer, [...(expected.get(customer) ?? []), BigInt(at + 1) * 10n ** 9n]);
    }
    const recorded = async (): Promise<number> => {
      const counts = [...expected.keys()].map(async (id) => (await ledger.deltasOf(id)).length);
      return (await Promise.all(counts)).reduce((a, b) => a + b, 0);
    };
    await until(async () => (await recorded()) >= count - poison.length);
    for (const [customer, nanos] of expected) {
      expect((await ledger.deltasOf(customer)).map(({ nano }) => nano)).toEqual(nanos);
    }
    await expectLetters(new Set(poison));
  };

  /** Every poison message lies in the topic once by its coordinates. */
  const expectLetters = async (poison: ReadonlySet<string>): Promise<void> => {
    const read = async (): Promise<{ keys: string[]; values: Set<string> }> => {
      const keys: string[] = [];
      const values = new Set<string>();
      await readTopic(clientOf(settings), settings.KAFKA_DELTAS_TOPIC_DLQ, ({ key, value }) => {
        keys.push(String(key));
        values.add(String(value));
      });
      return { keys, values };
    };
    await until(async () => (await read()).values.size >= poison.size);
    const { keys, values } = await read();
    expect(values).toEqual(poison);
    expect(new Set(keys).size).toBe(keys.length);
  };

  it('goes on after the broker was killed and started again', async () => {
    await send(0, 3_000);
    await until(() => running.intake.statistics.consumed > 0);
    await cluster.kill();
    await cluster.start();
    await send(3_000, 4_000);
    await expectAll(4_000);
  });

  it('goes on after connections were cut, slow and silent', async () => {
    await send(0, 2_000);
    await proxy.cut();
    await proxy.heal();
    await send(2_000, 3_000);
    await proxy.slow(200);
    await send(3_000, 3_200);
    await proxy.heal();
    await send(3_200, 4_000);
    await proxy.silence();
    const late = send(4_000, 4_100);
    await until(() => lines.some((line) => line.includes('timed out')));
    await proxy.heal();
    await late;
    await expectAll(4_100);
  });

  it('waits while the write path refuses, and keeps the order', async () => {
    await running.stop();
    await ledger.close();
    // So little fits at once that most of what is handed over is refused for now.
    ledger = await openLedger(dataDir, {
      WRITES_PENDING_MAX: '60',
      TENANT_SHARE_PERCENT_MAX: '50',
    });
    running = await runIntake({ ...settings, KAFKA_PAUSE_MS: 20, KAFKA_PAUSE_MS_MAX: 40 }, ledger);
    await send(0, 400);
    await expectAll(400);
    expect(running.intake.statistics.pauses).toBeGreaterThan(0);
  });

  it('shares the partitions with a second member that joins and leaves', async () => {
    const second = await runIntake({ ...settings, DATA_DIR: aDataDir() }, ledger);
    await send(0, 2_000);
    await until(() => second.intake.statistics.consumed > 0);
    await second.stop();
    await send(2_000, 4_000);
    await expectAll(4_000);
    expect(running.intake.statistics.rebalances).toBeGreaterThan(1);
  });
});
