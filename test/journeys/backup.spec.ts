// Backup while deltas come in, restore elsewhere, and handing over the key that signs: nothing that
// was acknowledged before is lost, what was signed stays good, and no contradiction is served.
import { sha256, verifyEd25519 } from '@deltabook/adapters/node-crypto';
import { parseKeysJson, verifyKeyChain, type KeyChain } from '@deltabook/integrity';
import { appendFileSync, cpSync, existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, type CliRun } from '../support/cli-process';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

const BALANCE = '/api/v1/balance';
const OWNER_ONLY = 0o600;
const PERMISSIONS = 0o777;
const NOT_ACTIVE = 'the signing key is not the activated one';

const dataDir = aDataDir();
const first = join(aDataDir(), 'first');
const second = join(aDataDir(), 'second');
let service: ServiceProcess;

const deltabook = (dir: string, ...args: string[]): Promise<CliRun> =>
  runCli(args, { DATA_DIR: dir });

async function emit(customerId: string): Promise<string> {
  const body = { customerId, delta: 1, reason: 'usage' };
  const { data } = (await service.post(`${BALANCE}/delta`, body)).body;
  return (data as { recordId: string }).recordId;
}

const verified = (recordId: string): Promise<unknown> =>
  until(
    () => service.get(`${BALANCE}/delta/${recordId}`),
    ({ body }) => (body.data as { status?: string } | undefined)?.status === 'VERIFIED',
  );

async function totalOf(customerId: string): Promise<number> {
  const { body } = await until(
    () => service.get(`${BALANCE}/customers/${customerId}`),
    ({ status }) => status === 200,
  );
  return (body.data as { totalDeltas: number }).totalDeltas;
}

async function keyChain(): Promise<KeyChain> {
  const reply = await fetch(`${service.baseUrl}/.well-known/deltabook-keys`);
  const chain = parseKeysJson(await reply.json());
  if (!chain.ok) throw new Error(chain.problem);
  return chain.value;
}

const manifest = (dir: string): { logId: string; storeId: string } =>
  JSON.parse(readFileSync(join(dir, 'backup.json'), 'utf8')) as { logId: string; storeId: string };

beforeAll(async () => {
  service = await startService(dataDir);
});
afterAll(() => service.stop('SIGTERM'));

it('a backup has what was acknowledged before it, while more comes in', async () => {
  for (let i = 0; i < 20; i += 1) await emit('before');
  await verified(await emit('before'));
  let isBackedUp = false;
  const emitting = (async () => {
    while (!isBackedUp) await emit('meanwhile');
  })();
  const done = await deltabook(dataDir, 'backup', first).finally(() => (isBackedUp = true));
  await emitting;
  expect(done).toMatchObject({ exitCode: 0, stdout: '' });
  expect(done.stderr).toMatch(/^backed up through position \d+ /);
  expect(statSync(join(first, 'signing-key.pem')).mode & PERMISSIONS).toBe(OWNER_ONLY);
  const again = await deltabook(dataDir, 'backup', first);
  expect(again).toMatchObject({ exitCode: 1 });
  expect(again.stderr).toContain('is not empty');
});

it('the key that signs is handed over, and who pinned the first one trusts the next', async () => {
  const before = await keyChain();
  const pinned = before.keys.map(({ publicKey }) => publicKey);
  cpSync(join(dataDir, 'signing-key.pem'), join(first, 'old-key.pem'));
  expect(await deltabook(dataDir, 'keys', 'rotate-signing')).toMatchObject({ exitCode: 0 });
  const chain = await keyChain();
  expect(chain.keys).toHaveLength(2);
  const verdict = verifyKeyChain(chain, pinned, { sha256, verifyEd25519 });
  expect(verdict).toMatchObject({ ok: true });
  await verified(await emit('before'));
  // The head in the log is signed by a key of the chain; the audit checks the newest one.
  expect(await deltabook(dataDir, 'audit', 'replay')).toMatchObject({ exitCode: 0 });
  expect(service.output()).not.toContain(NOT_ACTIVE);
  expect(await deltabook(dataDir, 'backup', second)).toMatchObject({ exitCode: 0 });
});

it('a process whose key is not the active one says so, seals, and hands nothing over', async () => {
  await service.stop('SIGTERM');
  const oldKey = { SIGNING_KEY_FILE: join(first, 'old-key.pem') };
  service = await startService(dataDir, oldKey);
  expect(service.output()).toContain(NOT_ACTIVE);
  await verified(await emit('before'));
  const refused = await deltabook(dataDir, 'keys', 'rotate-signing');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('rotate where the active one is');
  await service.stop('SIGTERM');
});

it('a rotation that was cut short after its event is finished at the next start', async () => {
  const keyFile = join(dataDir, 'signing-key.pem');
  renameSync(keyFile, `${keyFile}.next`);
  cpSync(join(first, 'old-key.pem'), keyFile);
  service = await startService(dataDir);
  expect(service.output()).not.toContain(NOT_ACTIVE);
  expect(existsSync(`${keyFile}.next`)).toBe(false);
  expect((await keyChain()).keys).toHaveLength(2);
});

it('without a service the key is handed over too', async () => {
  await service.stop('SIGTERM');
  const done = await deltabook(dataDir, 'keys', 'rotate-signing', '--json');
  expect(JSON.parse(done.stdout)).toMatchObject({ index: 2 });
  service = await startService(dataDir);
  await verified(await emit('before'));
  expect(service.output()).not.toContain(NOT_ACTIVE);
});

it('is restored into an empty folder only, with its log id and another store id', async () => {
  const occupied = await deltabook(dataDir, 'restore', first);
  expect(occupied.exitCode).toBe(1);
  const totals = await Promise.all([totalOf('before'), totalOf('meanwhile')]);
  await service.stop('SIGTERM');
  const stopped = await deltabook(dataDir, 'restore', first);
  expect(stopped.stderr).toContain('restore into an empty folder');
  const restoredDir = aDataDir();
  const done = await deltabook(restoredDir, 'restore', second, '--json');
  expect(done.exitCode).toBe(0);
  const { logId, storeId, report } = JSON.parse(done.stdout) as ReturnType<typeof manifest> & {
    readonly report: { readonly findingCount: number };
  };
  expect({ logId, findings: report.findingCount }).toEqual({
    logId: manifest(second).logId,
    findings: 0,
  });
  expect(storeId).not.toBe(manifest(second).storeId);
  service = await startService(restoredDir);
  // Three deltas came after the second backup.
  expect(await totalOf('before')).toBe((totals[0] ?? 0) - 2);
  expect(await totalOf('meanwhile')).toBe(totals[1]);
  await verified(await emit('before'));
  expect((await keyChain()).keys).toHaveLength(2);
  expect(await deltabook(restoredDir, 'audit', 'replay')).toMatchObject({ exitCode: 0 });
});

it('what is damaged, or older than what was signed, is not restored', async () => {
  const older = join(aDataDir(), 'older');
  cpSync(first, older, { recursive: true });
  cpSync(join(second, 'signed-heads'), join(older, 'signed-heads'), { recursive: true });
  const empty = aDataDir();
  const contradicted = await deltabook(empty, 'restore', older);
  expect(contradicted.exitCode).toBe(1);
  expect(contradicted.stderr).toContain('seals were signed and');
  appendFileSync(join(first, 'log.db'), 'x');
  const damaged = await deltabook(empty, 'restore', first);
  expect(damaged.stderr).toContain('is damaged');
  expect(existsSync(join(empty, 'log.db'))).toBe(false);
  expect((await deltabook(empty, 'restore', aDataDir())).stderr).toContain('holds no backup');
});
