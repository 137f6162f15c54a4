// Three brokers that speak TLS under an authority of their own and want a login: every way to log
// in works, one broker may go, and what is set wrong is said in one line.
import { KAFKA_FAILED, sendMessages } from '@deltabook/adapters/kafka';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningIntake } from '../../apps/service/src/kafka';
import type { Settings } from '../../apps/service/src/settings';
import { caFileOf, makeCertificates } from '../support/eventstoredb/certificates';
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
import { metricOf } from '../support/service-metric';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';

jest.setTimeout(240_000);

const SASL = { username: 'ledger', password: 'correct-horse' };
const WRONG_PASSWORD = 'wrong-horse';
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

const home = kafkaHome();
const certificates = 'missing' in home ? undefined : makeCertificates();
const missing = 'missing' in home ? home.missing : 'needs openssl';
const describeWithKafka = certificates === undefined ? describe.skip : describe;
const why = certificates === undefined ? ` (${missing})` : '';

describeWithKafka(`Kafka over TLS with logins${why}`, () => {
  let cluster: KafkaCluster;
  let ledger: LedgerInProcess;
  let running: RunningIntake | undefined;
  let service: ServiceProcess | undefined;
  const folder = aDataDir();

  beforeAll(async () => {
    cluster = await startKafka({ nodes: 3, sasl: SASL, certificates: certificates ?? '' });
    ledger = await openLedger(aDataDir());
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await service?.stop('SIGTERM');
    service = undefined;
  });
  afterAll(async () => {
    await ledger.close();
    await cluster.stop();
  });

  const passwordFile = (password: string): string => {
    const file = join(folder, password);
    writeFileSync(file, `${password}\n`, { mode: 0o600 });
    return file;
  };
  const login = (mechanism: string, password = SASL.password): Record<string, string> => ({
    KAFKA_TLS: 'true',
    KAFKA_TLS_CA_FILE: caFileOf(certificates ?? ''),
    KAFKA_SASL: mechanism,
    KAFKA_SASL_USERNAME: SASL.username,
    KAFKA_SASL_PASSWORD_FILE: passwordFile(password),
  });
  const settingsWith = (more: Record<string, string>): Settings =>
    kafkaSettings(cluster.brokers, aDataDir(), { KAFKA_RETRY_MS_MAX: '500', ...more });
  /** Sends them, again where the outcome of a send is not known: their keys make that harmless. */
  const send = async (settings: Settings, customerId: string, count: number): Promise<void> => {
    const messages = Array.from({ length: count }, (_, i) =>
      deltaMessage(customerId, i + 1, { idempotencyKey: `k${i}` }),
    );
    for (;;) {
      try {
        return await sendMessages(clientOf(settings), settings.KAFKA_DELTAS_TOPIC, messages);
      } catch (error) {
        quiet('warn', 'not sent', { detail: String(error) });
      }
    }
  };
  const recorded = (customerId: string, count: number): Promise<void> =>
    until(async () => (await ledger.deltasOf(customerId)).length === count);

  it.each(MECHANISMS)(
    'takes deltas and puts poison aside, logged in with %s',
    async (mechanism) => {
      const settings = settingsWith(login(mechanism));
      running = await runIntake(settings, ledger);
      await send(settings, `of-${mechanism}`, 100);
      await sendMessages(clientOf(settings), settings.KAFKA_DELTAS_TOPIC, [{ value: 'poison' }]);
      await recorded(`of-${mechanism}`, 100);
      await until(() => running?.intake.statistics.deadLettered === 1);
    },
  );

  it('goes on while one of three brokers is gone, and when it is back', async () => {
    const settings = settingsWith({ ...login('scram-sha-512'), KAFKA_REQUEST_TIMEOUT_MS: '3000' });
    running = await runIntake(settings, ledger);
    await send(settings, 'of-three', 50);
    await recorded('of-three', 50);
    await cluster.kill(2);
    await send(settings, 'of-two', 50);
    await recorded('of-two', 50);
    await cluster.start(2);
    await send(settings, 'of-three-again', 50);
    await recorded('of-three-again', 50);
  });

  /** Lines of a service's log that say that Kafka cannot be used, once there are some. */
  const complaints = async (more: Record<string, string>): Promise<readonly string[]> => {
    const started = await startService(aDataDir(), {
      KAFKA_BROKERS: cluster.brokers.join(','),
      KAFKA_RETRY_MS_MAX: '100',
      ...more,
    });
    service = started;
    const lines = (): string[] =>
      started
        .output()
        .split('\n')
        .filter((line) => line.includes(KAFKA_FAILED) || line.includes('kafka client'));
    await until(() => lines().length > 0);
    const before = lines();
    // It tries again, which is no news, and HTTP is served all along.
    const failures = 'deltabook_kafka_publish_failures_total';
    await until(async () => ((await metricOf(started, failures)) ?? 0) > 2);
    expect((await started.get('/health/ready')).status).toBe(200);
    await started.stop('SIGTERM');
    expect(started.output()).not.toContain(WRONG_PASSWORD);
    expect(lines()).toEqual(before);
    return before;
  };

  it.each(MECHANISMS)('says in one line that the password is wrong, with %s', async (mechanism) => {
    const lines = await complaints(login(mechanism, WRONG_PASSWORD));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('the brokers refuse the login; check KAFKA_SASL');
  });

  it('says in one line that the authority is not known', async () => {
    const lines = await complaints({ ...login('plain'), KAFKA_TLS_CA_FILE: '' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('certificate is not trusted; check KAFKA_TLS_CA_FILE');
  });
});
