// `deltabook dlq` against a running service and a real broker: letters are listed, and replayed
// without counting anything twice.
import { sendMessages } from '@deltabook/adapters/kafka';
import { runCli, type CliRun } from '../support/cli-process';
import { clientOf, deltaMessage, kafkaSettings } from '../support/kafka/intake-in-process';
import { describeWithKafka, startKafka, type KafkaCluster } from '../support/kafka/kafka-cluster';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

jest.setTimeout(180_000);

const REFUSED_AGAIN = 3;

interface Letter {
  readonly letter: string;
  readonly reason: string;
  readonly key: string;
}

it('without Kafka, or without a service, says what is missing', async () => {
  const dataDir = aDataDir();
  const service = await startService(dataDir);
  const without = await runCli(['dlq', 'list'], { DATA_DIR: dataDir });
  await service.stop('SIGTERM');
  const stopped = await runCli(['dlq', 'replay'], { DATA_DIR: dataDir });
  expect([without.exitCode, stopped.exitCode]).toEqual([1, 1]);
  expect(without.stderr).toContain('start it with KAFKA_BROKERS');
  expect(stopped.stderr).toContain('through the running service');
});

describeWithKafka('dead letters', () => {
  let cluster: KafkaCluster;
  let service: ServiceProcess;
  const dataDir = aDataDir();

  beforeAll(async () => {
    cluster = await startKafka();
  });
  afterAll(async () => {
    await service.stop('SIGTERM');
    await cluster.stop();
  });

  const deltabook = (...args: string[]): Promise<CliRun> => runCli(args, { DATA_DIR: dataDir });
  const letters = async (...args: string[]): Promise<readonly Letter[]> => {
    const { stdout } = await deltabook('dlq', 'list', '--json', ...args);
    return (JSON.parse(stdout) as { letters: Letter[] }).letters;
  };
  const totalOf = async (customerId: string): Promise<unknown> => {
    const { body } = await service.get(`/api/v1/balance/customers/${customerId}`);
    return (body.data as { totalDeltas: number } | undefined)?.totalDeltas;
  };

  it('are listed, replayed once their cause is gone, and count once', async () => {
    const settings = kafkaSettings(cluster.brokers, dataDir);
    const environment = {
      KAFKA_BROKERS: settings.KAFKA_BROKERS,
      KAFKA_DELTAS_TOPIC: settings.KAFKA_DELTAS_TOPIC,
      KAFKA_DELTAS_TOPIC_DLQ: settings.KAFKA_DELTAS_TOPIC_DLQ,
      KAFKA_GROUP: settings.KAFKA_GROUP,
      KAFKA_PUBLISHER: 'false',
    };
    // The topic's environment makes the first message poison, until the operator mends the setting.
    const wrong = { ...environment, KAFKA_ENVIRONMENT: 'production' };
    service = await startService(dataDir, wrong);
    await until(
      async () => (await fetch(`${service.baseUrl}/metrics`)).text(),
      (metrics) => /^deltabook_kafka_joined 1$/m.test(metrics),
    );
    await sendMessages(clientOf(settings), settings.KAFKA_DELTAS_TOPIC, [
      deltaMessage('cust_a', 3, { environment: 'sandbox' }),
      deltaMessage('cust_a', 0),
    ]);
    const found = await until(letters, ({ length }) => length === 2);
    expect(found.map(({ reason, key }) => `${reason} ${key}`).sort()).toEqual([
      'SCOPE_IS_NOT_OF_TOPIC cust_a',
      'VALIDATION_FAILED cust_a',
    ]);
    expect(await letters('--reason', 'VALIDATION_FAILED')).toHaveLength(1);
    await service.stop('SIGTERM');

    service = await startService(dataDir, environment);
    const first = await deltabook('dlq', 'replay');
    expect(first.exitCode).toBe(REFUSED_AGAIN);
    expect(first.stdout).toContain('1 emitted, 0 were in before, 1 refused again');
    await until(
      () => totalOf('cust_a'),
      (total) => total === 1,
    );
    const [left, ...others] = await letters();
    expect([left?.reason, others]).toEqual(['VALIDATION_FAILED', []]);
    const again = await deltabook('dlq', 'replay', left?.letter ?? '', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ emitted: 0, repeated: 0 });
    const gone = await deltabook('dlq', 'replay', found[0]?.letter ?? '', '--reason', 'OTHER');
    expect(gone.stderr).toContain('there is no letter');
    expect(await totalOf('cust_a')).toBe(1);
  });
});
