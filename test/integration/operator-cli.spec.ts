// `deltabook keys` and `deltabook tenants` as processes: on a DATA_DIR that nobody holds, on one
// that is served, and on one that is held for a moment only.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { accessPrimitives } from '@deltabook/adapters/node-crypto';
import { accessHandlers, openOperatorDoor } from '@deltabook/adapters/operator';
import { ensureInstallation, TenantDirectoryInMemory, Tenants } from '@deltabook/application';
import { runCli, type CliRun } from '../support/cli-process';
import { aDataDir } from '../support/service-process';

const NOW = Date.parse('2026-01-01T12:00:00.000Z');
const KEY = /^pk_(test|live)_[0-9a-f]{16}\.[0-9a-f]{48}\n$/;

const deltabook = (dataDir: string, ...args: string[]): Promise<CliRun> =>
  runCli(args, { DATA_DIR: dataDir });

/** What a service does for operators: holds the store and serves the door. */
async function serve(dataDir: string) {
  const store = await EmbeddedEventStore.open({ dataDir });
  const directory = new TenantDirectoryInMemory(accessPrimitives, 10);
  const retry = { unknownRetriesMax: 1, unknownRetryDelayMs: 1, pause: () => Promise.resolve() };
  const parts = { store, directory, primitives: accessPrimitives, retry };
  const tenants = new Tenants({ ...parts, conflictRetriesMax: 5 });
  const options = { installationName: 'spec', apiKey: '', issueFirstKey: false, now: NOW };
  await ensureInstallation({ ...parts, tenants }, options);
  const handlers = accessHandlers({
    tenants,
    directory,
    origin: () => ({ door: 'operator', actor: 'spec', correlationId: 'c', now: NOW }),
    fillDirectory: () => Promise.resolve(),
  });
  const onFailure = (_command: string, error: unknown): never => {
    throw error;
  };
  const door = await openOperatorDoor({ dataDir, handlers, onFailure });
  const close = async (): Promise<void> => {
    await door.close();
    await store.close();
  };
  return { directory, close };
}

async function createdKey(dataDir: string, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await deltabook(dataDir, 'keys', 'create', ...args);
  expect([exitCode, stderr]).toEqual([
    0,
    expect.stringMatching(/^key key_[0-9a-f]{24} of tenant /),
  ]);
  expect(stdout).toMatch(KEY);
  return stdout.trim();
}

it('keys made while nothing runs are known to the service that starts after', async () => {
  const dataDir = aDataDir();
  await deltabook(dataDir, 'tenants', 'create', 'acme', '--reference-key', '5a'.repeat(32));
  const key = await createdKey(dataDir, '--tenant', 'acme', '--environment', 'production');
  const service = await serve(dataDir);
  try {
    const listed = await deltabook(dataDir, 'keys', 'list', '--tenant', 'acme');
    expect(listed.stdout).toContain(`production   read,write,operate  active`);
    expect(listed.stdout).not.toContain(key.split('.')[1]);
    expect(service.directory.authenticate(key)).toMatchObject({
      tenant: 'acme',
      environment: 'production',
    });
  } finally {
    await service.close();
  }
});

it('a running service does what the command line says, and revokes at once', async () => {
  const dataDir = aDataDir();
  const service = await serve(dataDir);
  try {
    const key = await createdKey(dataDir, '--scopes', 'read', '--name', 'reader');
    expect(service.directory.authenticate(key)).toMatchObject({ scopes: ['read'] });
    const revoked = await deltabook(dataDir, 'keys', 'revoke', key);
    expect(revoked).toMatchObject({ exitCode: 0, stdout: '' });
    expect(revoked.stderr).not.toContain(key.split('.')[1]);
    expect(service.directory.authenticate(key)).toBeUndefined();
  } finally {
    await service.close();
  }
  const { stdout } = await deltabook(dataDir, 'keys', 'list', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ keys: [{ name: 'reader', active: false }] });
});

it('many commands at once on one DATA_DIR wait for each other', async () => {
  const dataDir = aDataDir();
  await createdKey(dataDir);
  await Promise.all([createdKey(dataDir), createdKey(dataDir), createdKey(dataDir)]);
  const { stdout } = await deltabook(dataDir, 'tenants', 'list', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ tenants: [{ tenant: 'default', activeKeys: 4 }] });
});
