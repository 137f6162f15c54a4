// `deltabook export` and `deltabook audit verify`: a customer's history leaves the installation in
// one file and proves itself elsewhere; whatever is changed in it on the way is found.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, type CliRun } from '../support/cli-process';
import { aDataDir, API_KEY, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

const BALANCE = '/api/v1/balance';
const NOT_PROVEN = 3;
const OWNER_ONLY = 0o600;
const PERMISSIONS = 0o777;

const dataDir = aDataDir();
const elsewhere = aDataDir();
const file = join(elsewhere, 'alice.json');
let service: ServiceProcess;
let key = '';

const deltabook = (...args: string[]): Promise<CliRun> => runCli(args, { DATA_DIR: dataDir });
const text = async (path: string): Promise<string> =>
  (await fetch(`${service.baseUrl}${path}`, { headers: { 'X-Api-Key': API_KEY } })).text();

async function emit(customerId: string, delta: number, reason: string): Promise<string> {
  const body = { customerId, delta, reason };
  const { data } = (await service.post(`${BALANCE}/delta`, body)).body;
  return (data as { recordId: string }).recordId;
}

beforeAll(async () => {
  service = await startService(dataDir);
  await emit('alice', 5, 'first');
  await emit('bob', 9, 'another');
  const last = await emit('alice', -2, 'second');
  await until(
    () => service.get(`${BALANCE}/delta/${last}`),
    ({ body }) => (body.data as { status: string }).status === 'VERIFIED',
  );
  key = (await text('/.well-known/deltabook-keys?origin=deltabook/default-sandbox')).trim();
});
afterAll(() => service.stop('SIGTERM'));

/** The exit code and what is said of a file that was changed. */
async function changed(change: (bundle: string) => string): Promise<string> {
  const other = join(elsewhere, 'changed.json');
  writeFileSync(other, change(readFileSync(file, 'utf8')));
  const { exitCode, stderr } = await deltabook('audit', 'verify', other, '--key', key);
  return `${exitCode} ${stderr}`;
}

it('a history is exported for its owner alone, and verifies with a key that was kept', async () => {
  const done = await deltabook('export', 'alice', '--output', file);
  expect(done).toMatchObject({ exitCode: 0, stdout: '' });
  expect(done.stderr).toContain('exported 2 deltas of alice');
  expect(statSync(file).mode & PERMISSIONS).toBe(OWNER_ONLY);
  const verified = await deltabook('audit', 'verify', file, '--key', key, '--json');
  expect([verified.exitCode, verified.stderr]).toEqual([0, '']);
  const facts = { proven: true, deltas: '2', opening: '0', closing: '3' };
  expect(JSON.parse(verified.stdout)).toMatchObject(facts);
  const alone = await deltabook('audit', 'verify', file);
  expect(alone.stdout).toContain('closing: 3');
  expect(alone.stderr).toContain('checked against its own key');
});

it('its user exports it through the API, checked on the way, and it verifies as well', async () => {
  const environment = { DELTABOOK_URL: service.baseUrl, DELTABOOK_API_KEY: API_KEY };
  const users = join(elsewhere, 'alice-of-user.json');
  const done = await runCli(['export', 'alice', '--output', users, '--json'], environment);
  expect([done.exitCode, done.stderr]).toEqual([0, '']);
  const { customer } = JSON.parse(readFileSync(file, 'utf8')) as { customer: object };
  const bundle = JSON.parse(readFileSync(users, 'utf8')) as { customer: { reference: string } };
  expect(bundle.customer).toEqual(customer);
  const { reference } = bundle.customer;
  expect(JSON.parse(done.stdout)).toEqual({ file: users, reference, deltas: 2, notCovered: 0 });
  expect(statSync(users).mode & PERMISSIONS).toBe(OWNER_ONLY);
  const verified = await deltabook('audit', 'verify', users, '--key', key, '--json');
  expect(JSON.parse(verified.stdout)).toMatchObject({ proven: true, deltas: '2', closing: '3' });
  const again = await runCli(['export', 'alice', '--output', users], environment);
  expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('is there')]);
  const nobody = await runCli(['export', 'nobody', '--output', `${users}.2`], environment);
  expect([nobody.exitCode, nobody.stderr]).toEqual([
    1,
    expect.stringContaining('CUSTOMER_NOT_FOUND'),
  ]);
});

it('what was changed on the way is not proven', async () => {
  const inReceipt = (from: RegExp, to: string) => (bundle: string) => {
    const json = JSON.parse(bundle) as { receipt: string };
    const [start = '', extra = '', ...rest] = json.receipt.split(/^(?<=extra )|\n/m);
    expect(start).toBe('c2sp.org/tlog-proof@v1');
    const bytes = Buffer.from(extra.replace(/^extra /, ''), 'base64').toString('latin1');
    expect(bytes).toMatch(from);
    const altered = Buffer.from(bytes.replace(from, to), 'latin1').toString('base64');
    json.receipt = [start, `extra ${altered}`, ...rest].join('\n');
    return JSON.stringify(json);
  };
  expect(await changed(inReceipt(/"delta":"5"/, '"delta":"6"'))).toMatch(
    new RegExp(`^${NOT_PROVEN} not proven: [A-Z_]+: `),
  );
  expect(await changed(inReceipt(/"reason":"first"/, '"reason":"other"'))).toContain(
    'CONTENT_MISMATCH',
  );
  const other = (bundle: string): string =>
    bundle.replace(/"reference":"0x[0-9a-fA-F]{6}/, '"reference":"0x000000');
  expect(await changed(other)).toContain('OTHER_CUSTOMER');
  expect(await changed((bundle) => bundle.slice(0, -9))).toMatch(/^1 error: .* cut short/);
});

it('a key that is not in its chain is not trusted', async () => {
  const foreign = await startService(aDataDir());
  const origin = 'origin=deltabook/default-sandbox';
  const reply = await fetch(`${foreign.baseUrl}/.well-known/deltabook-keys?${origin}`);
  const foreignKey = (await reply.text()).trim();
  await foreign.stop('SIGTERM');
  const refused = await deltabook('audit', 'verify', file, '--key', foreignKey);
  expect(refused.exitCode).toBe(NOT_PROVEN);
  expect(refused.stderr).toContain('NOT_LINKED');
});

it('a receipt verifies with the document of keys, also after the key was handed over', async () => {
  const receipt = join(elsewhere, 'alice.tlog-proof');
  const keys = join(elsewhere, 'keys.json');
  writeFileSync(receipt, await text(`${BALANCE}/receipt/alice?format=tlog-proof`));
  await deltabook('keys', 'rotate-signing');
  writeFileSync(keys, await text('/.well-known/deltabook-keys'));
  const proven = await deltabook('audit', 'verify', receipt, '--keys', keys);
  expect(proven).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await deltabook('audit', 'verify', receipt)).toMatchObject({ exitCode: 1 });
});

it('a customer who is not there, or a file that is, is refused', async () => {
  const nobody = await deltabook('export', 'nobody', '--output', join(elsewhere, 'nobody.json'));
  expect([nobody.exitCode, nobody.stderr]).toEqual([1, expect.stringContaining('nobody')]);
  const again = await deltabook('export', 'alice', '--output', file);
  expect(again.stderr).toContain('is there; name another');
});
