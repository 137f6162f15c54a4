// Keys against the built service and command line, each as its own process: who gets in, from when,
// until when, and where no secret may be found.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runCli } from '../support/cli-process';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';

const CUSTOMERS = '/api/v1/balance/customers';
const NO_GIVEN_KEY = { DELTABOOK_API_KEY: '', LOG_LEVEL: 'trace', LOG_REQUESTS: 'true' };
const KEY = /pk_(?:test|live)_[0-9a-f]{16}\.[0-9a-f]{48}/;

const dataDir = aDataDir();
const firstDir = aDataDir();
const secrets: string[] = [];
const outputs: string[] = [];
let service: ServiceProcess;

const statusWith = async (key: string): Promise<number> =>
  (await service.get(CUSTOMERS, { 'X-Api-Key': key })).status;

function keyIn(text: string): string {
  const key = KEY.exec(text)?.[0] ?? '';
  expect(key).not.toBe('');
  secrets.push(key.split('.')[1] ?? '');
  return key;
}

async function createKey(...args: string[]): Promise<string> {
  const { stdout, stderr } = await runCli(['keys', 'create', ...args], { DATA_DIR: dataDir });
  outputs.push(stderr);
  return keyIn(stdout);
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  await service.stop(signal);
  outputs.push(service.output().replaceAll(/^API key \(shown once.*$/gm, ''));
}

let madeBefore = '';

it('a key made before the first start is known to it', async () => {
  await runCli(['tenants', 'create', 'acme'], { DATA_DIR: dataDir });
  madeBefore = await createKey('--tenant', 'acme', '--scopes', 'read');
  service = await startService(dataDir, NO_GIVEN_KEY);
  expect(await statusWith(madeBefore)).toBe(200);
  expect(service.output()).not.toMatch(KEY);
});

it('a key made while the service runs is good at once, and refused once revoked', async () => {
  const key = await createKey('--tenant', 'acme', '--environment', 'production');
  expect(await statusWith(key)).toBe(200);
  expect(await statusWith(key.replace('pk_live_', 'pk_test_'))).toBe(401);
  expect(await statusWith(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`)).toBe(401);
  const revoked = await runCli(['keys', 'revoke', '--tenant', 'acme', key], { DATA_DIR: dataDir });
  expect(revoked.exitCode).toBe(0);
  outputs.push(revoked.stdout, revoked.stderr);
  expect(await statusWith(key)).toBe(401);
  await stop('SIGKILL');
  service = await startService(dataDir, NO_GIVEN_KEY);
  expect(await statusWith(key)).toBe(401);
  expect(await statusWith(madeBefore)).toBe(200);
});

it('keys are listed without their secrets', async () => {
  const args = ['keys', 'list', '--tenant', 'acme', '--json'];
  const listed = await runCli(args, { DATA_DIR: dataDir });
  outputs.push(listed.stdout);
  const { keys } = JSON.parse(listed.stdout) as { readonly keys: readonly object[] };
  expect(keys).toMatchObject([{ active: true }, { active: false, environment: 'production' }]);
  await stop('SIGTERM');
});

it('the first key is shown by the start that made it, even one that fails after', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const PORT = String((taken.address() as AddressInfo).port);
  const failed = await startService(firstDir, { ...NO_GIVEN_KEY, PORT }).catch(
    (error: Error) => error.message,
  );
  taken.close();
  const firstKey = keyIn(String(failed));
  service = await startService(firstDir, NO_GIVEN_KEY);
  expect(service.output()).not.toMatch(KEY);
  expect(await statusWith(firstKey)).toBe(200);
  await stop('SIGTERM');
});

it('no secret is in a log, in a reply or on disk', () => {
  expect(secrets).toHaveLength(3);
  const files = [dataDir, firstDir].flatMap((dir) =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')),
  );
  expect(files.some((text) => text.includes('acme'))).toBe(true);
  for (const secret of secrets) {
    expect([...files, ...outputs].filter((text) => text.includes(secret))).toEqual([]);
  }
});
