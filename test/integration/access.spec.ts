// Tenants, keys and first starts on a real log: races of processes, restarts, and what is on disk.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { accessPrimitives } from '@deltabook/adapters/node-crypto';
import {
  DEFAULT_TENANT,
  ensureInstallation,
  STREAM_PAGE_MAX,
  TenantDirectoryInMemory,
  Tenants,
  type EventStore,
  type Installation,
  type InstallationOptions,
} from '@deltabook/application';
import {
  parseTenantEvent,
  tenantEventText,
  tenantStream,
  type TenantEvent,
} from '@deltabook/domain';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aDataDir } from '../support/service-process';

const NOW = Date.parse('2026-01-01T12:00:00.000Z');
const FIRST_PAGE = { from: 0, direction: 'forwards', limit: 10 } as const;
const GIVEN_SECRET = 'given0123456789abcdef0123456789abcdef';
const GIVEN_KEY = `pk_test_given.${GIVEN_SECRET}`;
const origin = { door: 'operator', actor: 'spec', correlationId: 'c1', now: NOW } as const;
const retry = {
  unknownRetriesMax: 3,
  unknownRetryDelayMs: 1,
  pause: () => Promise.resolve(),
};
const request = {
  tenant: DEFAULT_TENANT,
  environment: 'production',
  scopes: ['read'],
  name: 'a key',
} as const;

/** What one process has: its own directory over the common store. */
function aProcess(store: EventStore) {
  const directory = new TenantDirectoryInMemory(accessPrimitives, 100);
  const parts = { store, directory, primitives: accessPrimitives, retry };
  const tenants = new Tenants({ ...parts, conflictRetriesMax: 20 });
  const start = (options: Partial<InstallationOptions> = {}): Promise<Installation> =>
    ensureInstallation(
      { ...parts, tenants },
      { installationName: 'spec', apiKey: '', issueFirstKey: true, now: NOW, ...options },
    );
  return { directory, tenants, start };
}

async function issueKey(tenants: Tenants) {
  const outcome = await tenants.issueKey(origin, request);
  if (outcome.kind === 'refused') throw new Error(outcome.code);
  return outcome;
}

async function onLog(dataDir: string, use: (store: EventStore) => Promise<void>): Promise<void> {
  const store = await EmbeddedEventStore.open({ dataDir });
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

describe('the first start', () => {
  it('names the log, makes tenant default and shows a key once', async () => {
    const dataDir = aDataDir();
    let logId = '';
    await onLog(dataDir, async (store) => {
      const { directory, start } = aProcess(store);
      const { log, firstKey = '', apiKey } = await start();
      logId = log.logId;
      expect(log).toMatchObject({ installation: 'spec', format: 1 });
      expect(apiKey).toBe('none');
      expect(firstKey).toMatch(/^pk_test_[0-9a-f]{16}\.[0-9a-f]{48}$/);
      expect(directory.authenticate(firstKey)).toMatchObject({
        tenant: 'default',
        environment: 'sandbox',
        scopes: ['read', 'write', 'operate'],
      });
    });
    await onLog(dataDir, async (store) => {
      const again = await aProcess(store).start({ installationName: 'renamed' });
      expect(again.firstKey).toBeUndefined();
      expect(again.log).toMatchObject({ logId, installation: 'spec' });
    });
  });

  it('of many processes at once does each step once', async () => {
    await onLog(aDataDir(), async (store) => {
      const processes = Array.from({ length: 8 }, () => aProcess(store));
      const started = await Promise.all(processes.map(({ start }) => start()));
      expect(new Set(started.map(({ log }) => log.logId)).size).toBe(1);
      expect(started.filter(({ firstKey }) => firstKey !== undefined)).toHaveLength(1);
      const [first] = processes;
      expect(await first?.tenants.keys(DEFAULT_TENANT)).toHaveLength(1);
    });
  });

  it('shows no key when the operator has made one already', async () => {
    await onLog(aDataDir(), async (store) => {
      const { tenants, start } = aProcess(store);
      await start({ issueFirstKey: false });
      await issueKey(tenants);
      expect((await start()).firstKey).toBeUndefined();
    });
  });
});

describe('DELTABOOK_API_KEY', () => {
  it('is added once, also by many processes, and never instead of a revocation', async () => {
    await onLog(aDataDir(), async (store) => {
      const processes = Array.from({ length: 4 }, () => aProcess(store));
      const started = await Promise.all(processes.map(({ start }) => start({ apiKey: GIVEN_KEY })));
      expect(started.map(({ apiKey }) => apiKey).sort()).toEqual([
        'added',
        'present',
        'present',
        'present',
      ]);
      expect(started.every(({ firstKey }) => firstKey === undefined)).toBe(true);
      const { tenants, directory, start } = aProcess(store);
      const [key] = (await tenants.keys(DEFAULT_TENANT)) ?? [];
      expect(directory.authenticate(GIVEN_KEY)?.keyId).toBe(key?.id);
      await tenants.revokeKey(origin, { tenant: DEFAULT_TENANT, keyId: key?.id ?? '' });
      expect((await start({ apiKey: GIVEN_KEY })).apiKey).toBe('revoked');
      expect(directory.authenticate(GIVEN_KEY)).toBeUndefined();
    });
  });

  it.each([
    ['is weak', 'pk_test_given.short'],
    ['has the id of another key', `pk_test_given.${'x'.repeat(32)}`],
    ['has the id of a key of another tenant', `pk_test_other.${'x'.repeat(32)}`],
  ])('that %s stops the start and is not repeated', async (_what, apiKey) => {
    await onLog(aDataDir(), async (store) => {
      const { tenants, start } = aProcess(store);
      await start({ apiKey: GIVEN_KEY });
      await tenants.create(origin, { tenant: 'acme' });
      const other = { environment: 'sandbox', publicKey: 'pk_test_other', secret: 'y'.repeat(32) };
      await tenants.addKey(origin, { ...request, tenant: 'acme' }, other as never);
      const error = await start({ apiKey }).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      expect(error?.message).toMatch(/^DELTABOOK_API_KEY/);
      expect(error?.message).not.toContain(apiKey.split('.')[1]);
    });
  });
});

describe('keys', () => {
  it('issued and revoked by many processes at once are all there, in each of them', async () => {
    await onLog(aDataDir(), async (store) => {
      const first = aProcess(store);
      await first.start({ issueFirstKey: false });
      const processes = [first, ...Array.from({ length: 5 }, () => aProcess(store))];
      const issued = await Promise.all(processes.map(({ tenants }) => issueKey(tenants)));
      const ids = issued.map(({ key }) => key.id);
      for (const { tenants, directory } of processes) {
        const keys = (await tenants.keys(DEFAULT_TENANT)) ?? [];
        expect(keys.map(({ id }) => id).sort()).toEqual([...ids].sort());
        const known = issued.map(({ fullKey }) => directory.authenticate(fullKey)?.keyId);
        expect(known).toEqual(ids);
      }
      await Promise.all(
        ids.map((keyId, i) =>
          (processes[i] ?? first).tenants.revokeKey(origin, { tenant: DEFAULT_TENANT, keyId }),
        ),
      );
      const after = (await aProcess(store).tenants.keys(DEFAULT_TENANT)) ?? [];
      expect(after.map(({ active }) => active)).toEqual(ids.map(() => false));
    });
  });

  it('of a tenant with more events than one page are all known', async () => {
    await onLog(aDataDir(), async (store) => {
      const { tenants, directory, start } = aProcess(store);
      await start({ apiKey: GIVEN_KEY });
      const stream = tenantStream(DEFAULT_TENANT);
      const [, issued] = (await store.readStream(stream, FIRST_PAGE)).map(({ type, data }) =>
        parseTenantEvent(type, data),
      );
      const events = Array.from({ length: STREAM_PAGE_MAX }, (_, i) => {
        const another = { ...issued, keyId: `key_${i}`, publicId: `public${i}` } as TenantEvent;
        return { type: another.type, data: tenantEventText(another), metadata: '{}' };
      });
      await store.append([{ stream, expectedRevision: 1, events }]);
      expect(await tenants.keys(DEFAULT_TENANT)).toHaveLength(STREAM_PAGE_MAX + 1);
      expect(await aProcess(store).tenants.keys(DEFAULT_TENANT)).toHaveLength(STREAM_PAGE_MAX + 1);
      expect(directory.tenant(DEFAULT_TENANT)).toMatchObject({ revision: STREAM_PAGE_MAX + 1 });
    });
  });

  it('are on disk as hashes only', async () => {
    const dataDir = aDataDir();
    const secrets = [GIVEN_SECRET];
    await onLog(dataDir, async (store) => {
      const { tenants, start } = aProcess(store);
      await start({ apiKey: GIVEN_KEY });
      secrets.push((await issueKey(tenants)).fullKey.split('.')[1] ?? '');
    });
    const files = readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name)));
    expect(secrets.every((secret) => secret.length >= 32)).toBe(true);
    expect(files.some((bytes) => bytes.includes('pk_test_') || bytes.includes('given'))).toBe(true);
    for (const secret of secrets) {
      expect(files.some((bytes) => bytes.includes(secret))).toBe(false);
    }
  });
});

it('a tenant may be given its reference key, once', async () => {
  await onLog(aDataDir(), async (store) => {
    const { tenants, directory } = aProcess(store);
    const referenceKey = '5a'.repeat(32);
    const created = await tenants.create(origin, { tenant: 'acme', referenceKey });
    expect(created).toMatchObject({ kind: 'done', tenant: { referenceKey } });
    const expected = accessPrimitives.hmacUnder(referenceKey)('text');
    expect(directory.keysOf('acme')?.referenceHmac('text')).toBe(expected);
    expect(await tenants.create(origin, { tenant: 'acme' })).toEqual({
      kind: 'refused',
      code: 'TENANT_EXISTS',
    });
  });
});
