// A database that was tampered with: the running service and `deltabook audit replay` find it, name
// customer and sequence, and everyone else goes on.
import type { AuditReport } from '@deltabook/application';
import { runCli, type CliRun } from '../support/cli-process';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';
import { Tampering, type StoredDelta } from '../support/tampering';
import { until } from '../support/until';

const BALANCE = '/api/v1/balance';
const FINDINGS = 3;
/** Rounds of the continuous check as often as there is time for them. */
const SETTINGS = { AUDIT_ROUND_MS: '100', AUDIT_IDLE_CPU_PERCENT: '100' };

const dataDir = aDataDir();
const tampering = new Tampering(dataDir);
let service: ServiceProcess;

beforeAll(async () => {
  service = await startService(dataDir, SETTINGS);
});
afterAll(() => service.stop('SIGTERM'));

interface Emitted {
  readonly recordId: string;
}

async function emit(customerId: string, delta: number): Promise<Emitted> {
  const body = { customerId, delta, reason: 'usage' };
  const { data } = (await service.post(`${BALANCE}/delta`, body)).body;
  return data;
}

/** Three deltas, 1 to 3, all of them sealed; the customer's reference. */
async function history(customerId: string): Promise<string> {
  let last: Emitted | undefined;
  for (const delta of [1, 2, 3]) last = await emit(customerId, delta);
  const path = `${BALANCE}/delta/${last?.recordId}`;
  await until(
    () => service.get(path),
    (reply) => (reply.body.data as { status: string }).status === 'VERIFIED',
  );
  return tampering.referenceOf(customerId);
}

const deltabook = (...args: string[]): Promise<CliRun> => runCli(args, { DATA_DIR: dataDir });

async function replayed(...args: string[]): Promise<AuditReport & { exitCode: number | null }> {
  const { exitCode, stdout } = await deltabook('audit', 'replay', '--json', ...args);
  return { ...(JSON.parse(stdout) as AuditReport), exitCode };
}

/**
 * Resolves once the continuous check has named the customer and the sequence. A round that was
 * under way while rows were changed may name another sequence before.
 */
async function found(customerId: string, code: string, sequence: number): Promise<void> {
  const named = [`"customerId":"${customerId}"`, `"code":"${code}"`, `"sequence":${sequence}`];
  const isNamed = (): boolean =>
    service
      .output()
      .split('\n')
      .some((line) => named.every((part) => line.includes(part)));
  await until(() => Promise.resolve(isNamed()), Boolean);
}

const statusOf = async (customerId: string): Promise<number> =>
  (await service.get(`${BALANCE}/customers/${customerId}`)).status;

/** Rounds that the continuous check has ended. */
async function rounds(): Promise<number> {
  const metrics = await (await fetch(`${service.baseUrl}/metrics`)).text();
  return Number(/^deltabook_audit_rounds_total (\d+)$/m.exec(metrics)?.[1]);
}

it('says up to where everything was verified, and that nothing differs', async () => {
  await history('alice');
  const ready = await until(
    async () => (await fetch(`${service.baseUrl}/health/ready`)).json() as Promise<Ready>,
    ({ audit }) => Number(audit?.position) >= 8,
  );
  expect(ready).toMatchObject({ status: 'ready', audit: { findings: 0 }, warnings: [] });
  expect(service.output()).toMatch(/verified through position \d+ at 2\d{3}-/);
  expect(await replayed()).toMatchObject({ exitCode: 0, findingCount: 0, rowsCompared: true });
});

interface Ready {
  readonly status: string;
  readonly warnings: readonly string[];
  readonly audit?: { readonly position: string; readonly findings: number };
}

it('an altered balance is found while the service runs, and no more once mended', async () => {
  const reference = await history('bob');
  tampering.serveBalance('bob', 99_000_000_000n);
  await found('bob', 'ROW_DIFFERS', 3);
  const { exitCode, findings } = await replayed('bob');
  expect(exitCode).toBe(FINDINGS);
  expect(findings).toMatchObject([{ customer: { customerId: 'bob', reference }, sequence: 3 }]);
  expect(findings[0]?.what).toBe('balance is served as 99 and is 6');
  expect(await replayed('alice')).toMatchObject({ exitCode: 0, customers: 1, deltas: 3 });
  const ready = (await (await fetch(`${service.baseUrl}/health/ready`)).json()) as Ready;
  expect(ready.status).toBe('ready');
  expect(ready.warnings.join()).toContain('deltabook audit replay');
  expect(ready.warnings.join()).not.toMatch(/bob|0x/);
  tampering.serveBalance('bob', 6_000_000_000n);
  expect(await replayed('bob')).toMatchObject({ exitCode: 0 });
});

const altered = ({ data, position }: StoredDelta): StoredDelta => ({
  position,
  data: data.replace('"delta":"2"', '"delta":"7"'),
});

type Kind = [name: string, sequence: number, tamper: (deltas: StoredDelta[]) => void];
const KINDS: Kind[] = [
  ['altered', 2, ([, second]) => second && tampering.write(altered(second))],
  ['deleted', 2, ([, second]) => second && tampering.remove(second)],
  ['cut off', 3, ([, , third]) => third && tampering.remove(third)],
  ['swapped', 1, ([first, second]) => first && second && tampering.swap(first, second)],
];

describe.each(KINDS)('events that were %s', (name, sequence, tamper) => {
  const whileRunning = `running-${name.replace(' ', '-')}`;
  const whileStopped = `stopped-${name.replace(' ', '-')}`;

  it('while the service runs fence their customer alone', async () => {
    const reference = await history(whileRunning);
    tamper(tampering.deltas(reference));
    await found(whileRunning, 'HISTORY_FAILS', sequence);
    await until(
      () => statusOf(whileRunning),
      (status) => status === 409,
    );
    const { exitCode, findings } = await replayed(whileRunning);
    expect(exitCode).toBe(FINDINGS);
    expect(findings).toMatchObject([{ code: 'HISTORY_FAILS', sequence }]);
    expect((await emit('alice', 1)).recordId).toMatch(/^rec_/);
    expect(await statusOf('alice')).toBe(200);
  });

  it('while it was stopped are found by both', async () => {
    const reference = await history(whileStopped);
    await service.stop('SIGTERM');
    tamper(tampering.deltas(reference));
    const { exitCode, findings } = await replayed(whileStopped);
    expect(exitCode).toBe(FINDINGS);
    expect(findings).toMatchObject([{ sequence, customer: { reference } }]);
    service = await startService(dataDir, SETTINGS);
    await found(whileStopped, 'HISTORY_FAILS', sequence);
    await until(
      () => statusOf(whileStopped),
      (status) => status === 409,
    );
    expect(await statusOf('alice')).toBe(200);
  });
});

it('a customer is released once its history recomputes again, and not before', async () => {
  const reference = await history('carol');
  const [, second] = tampering.deltas(reference);
  if (!second) throw new Error('no delta');
  tampering.write(altered(second));
  await until(
    () => statusOf('carol'),
    (status) => status === 409,
  );
  const refused = await deltabook('audit', 'release', 'carol');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('the history of carol still fails from delta 2 on');
  tampering.write(second);
  // By its reference as well as by its id.
  expect(await deltabook('audit', 'release', reference)).toMatchObject({ exitCode: 0 });
  await until(
    () => statusOf('carol'),
    (status) => status === 200,
  );
  const { recordId } = await emit('carol', 4);
  const written = await until(
    () => service.get(`${BALANCE}/delta/${recordId}`),
    ({ body }) => (body.data as { status: string }).status === 'VERIFIED',
  );
  expect(written.body.data).toMatchObject({ sequenceNumber: 4 });
  const before = await rounds();
  await until(rounds, (count) => count > before + 1);
  expect(await replayed('carol')).toMatchObject({ exitCode: 0, deltas: 4 });
  expect(await deltabook('audit', 'release', 'carol')).toMatchObject({ exitCode: 1 });
  expect((await deltabook('audit', 'release', 'nobody')).stderr).toContain('no customer nobody');
});
