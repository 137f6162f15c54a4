// Who is let in: by real events of the domain, in the order and repetition in which they may come.
import {
  secretHashText,
  tenantEventText,
  tenantStream,
  UnreadableEventError,
  type TenantEvent,
} from '@deltabook/domain';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { RecordedEvent } from '../ports/event-store.port';
import { TenantDirectoryInMemory } from './tenant-directory';

const SECRET = '0123456789abcdef0123456789abcdef';
const OTHER_SECRET = 'f'.repeat(32);
const at = '2026-01-01T12:00:00.000Z';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmacUnder = (keyHex: string) => (text: string) =>
  createHmac('sha256', Buffer.from(keyHex, 'hex')).update(text).digest('hex');

/** A directory that counts the hashes it computes. */
function aDirectory(checkedKeysMax = 10) {
  const work = { hashes: 0 };
  const primitives = {
    sha256Hex: (text: string) => {
      work.hashes += 1;
      return sha256Hex(text);
    },
    hmacUnder,
    sameHash: (left: string, right: string) =>
      timingSafeEqual(Buffer.from(left), Buffer.from(right)),
  };
  return { directory: new TenantDirectoryInMemory(primitives, checkedKeysMax), work };
}

const created = (tenant: string): TenantEvent => ({
  type: 'TenantCreated',
  v: 1,
  tenant,
  referenceKey: '00'.repeat(32),
  createdAt: at,
});
const issued = (publicId: string, secret: string, more: object = {}): TenantEvent => ({
  type: 'ApiKeyIssued',
  v: 1,
  keyId: `key_${publicId}`,
  publicId,
  environment: 'sandbox',
  scopes: ['read'],
  name: publicId,
  secretHash: sha256Hex(secretHashText(`pk_test_${publicId}`, secret)),
  issuedAt: at,
  ...more,
});
const revoked = (publicId: string): TenantEvent => ({
  type: 'ApiKeyRevoked',
  v: 1,
  keyId: `key_${publicId}`,
  revokedAt: at,
});

let position = 0n;
const recorded = (tenant: string, events: readonly TenantEvent[], from = 0): RecordedEvent[] =>
  events.map((event, i) => {
    position += 1n;
    const data = tenantEventText(event);
    const revision = from + i;
    const stream = tenantStream(tenant);
    return { stream, revision, position, type: event.type, data, metadata: '{}' };
  });

describe('a presented key', () => {
  it('gives its principal', () => {
    const { directory } = aDirectory();
    directory.apply(recorded('acme', [created('acme'), issued('aaaa', SECRET)]));
    expect(directory.authenticate(`pk_test_aaaa.${SECRET}`)).toEqual({
      tenant: 'acme',
      environment: 'sandbox',
      scopes: ['read'],
      keyId: 'key_aaaa',
    });
  });

  it.each([
    ['a wrong secret', `pk_test_aaaa.${OTHER_SECRET}`],
    ['another environment', `pk_live_aaaa.${SECRET}`],
    ['an unknown id', `pk_test_aaab.${SECRET}`],
    ['no form of a key', SECRET],
    ['nothing in it', ''],
    ['a megabyte', `pk_test_aaaa.${SECRET}${'x'.repeat(1_000_000)}`],
    ['the stored hash as its secret', `pk_test_aaaa.${issuedHash()}`],
  ])('with %s gives none', (_what, presented) => {
    const { directory } = aDirectory();
    directory.apply(recorded('acme', [created('acme'), issued('aaaa', SECRET)]));
    directory.authenticate(`pk_test_aaaa.${SECRET}`);
    expect(directory.authenticate(presented)).toBeUndefined();
  });

  it('is hashed once, however often it comes; wrong ones take no place in the cache', () => {
    const { directory, work } = aDirectory(2);
    directory.apply(recorded('acme', [created('acme'), issued('aaaa', SECRET)]));
    for (let i = 0; i < 5; i += 1) directory.authenticate(`pk_test_aaaa.${SECRET}`);
    expect(work.hashes).toBe(1);
    for (let i = 0; i < 5; i += 1) directory.authenticate(`pk_test_aaaa.${OTHER_SECRET}`);
    expect(work.hashes).toBe(6);
    directory.authenticate(`pk_test_aaaa.${SECRET}`);
    expect(work.hashes).toBe(6);
  });

  it('of more keys than the cache holds is right all the same', () => {
    const { directory } = aDirectory(2);
    const ids = ['aaaa', 'bbbb', 'cccc', 'dddd', 'eeee'];
    const keys = ids.map((id) => issued(id, SECRET));
    directory.apply(recorded('acme', [created('acme'), ...keys]));
    for (const id of [...ids, ...ids]) {
      expect(directory.authenticate(`pk_test_${id}.${SECRET}`)?.keyId).toBe(`key_${id}`);
    }
  });

  it('is refused from the moment its revocation is known, cached or not', () => {
    const { directory } = aDirectory();
    const keys = [issued('aaaa', SECRET), issued('bbbb', SECRET), issued('cccc', SECRET)];
    directory.apply(recorded('acme', [created('acme'), ...keys]));
    directory.authenticate(`pk_test_aaaa.${SECRET}`);
    directory.authenticate(`pk_test_cccc.${SECRET}`);
    directory.apply(recorded('acme', [revoked('aaaa'), revoked('bbbb')], 4));
    expect(directory.authenticate(`pk_test_aaaa.${SECRET}`)).toBeUndefined();
    expect(directory.authenticate(`pk_test_bbbb.${SECRET}`)).toBeUndefined();
    expect(directory.authenticate(`pk_test_cccc.${SECRET}`)?.keyId).toBe('key_cccc');
  });

  it('reaches its own tenant, also where two tenants have keys of one public id', () => {
    const { directory } = aDirectory();
    directory.apply([
      ...recorded('acme', [created('acme'), issued('aaaa', SECRET)]),
      ...recorded('zeta', [created('zeta'), issued('aaaa', OTHER_SECRET, { keyId: 'key_zeta' })]),
    ]);
    expect(directory.authenticate(`pk_test_aaaa.${SECRET}`)?.tenant).toBe('acme');
    expect(directory.authenticate(`pk_test_aaaa.${OTHER_SECRET}`)?.tenant).toBe('zeta');
    directory.apply(recorded('acme', [revoked('aaaa')], 2));
    expect(directory.authenticate(`pk_test_aaaa.${SECRET}`)).toBeUndefined();
    expect(directory.authenticate(`pk_test_aaaa.${OTHER_SECRET}`)?.tenant).toBe('zeta');
  });
});

describe('the directory', () => {
  const history = [created('acme'), issued('aaaa', SECRET), revoked('aaaa')];

  it('ignores what it has seen, whoever tells it again', () => {
    const { directory } = aDirectory();
    const events = recorded('acme', history);
    directory.apply(events);
    directory.apply(events.slice(0, 2));
    expect(directory.authenticate(`pk_test_aaaa.${SECRET}`)).toBeUndefined();
    expect(directory.tenant('acme')).toMatchObject({ revision: 2 });
  });

  it('waits for what is missing before it takes what follows', () => {
    const { directory } = aDirectory();
    const events = recorded('acme', history);
    directory.apply(events.slice(0, 1));
    directory.apply(events.slice(2));
    expect(directory.tenant('acme')).toMatchObject({ revision: 0 });
    directory.apply(events.slice(1));
    expect(directory.tenant('acme')).toMatchObject({ revision: 2 });
  });

  it('takes no half known state of a newer build', () => {
    const { directory } = aDirectory();
    const [first, second] = recorded('acme', history);
    const newer = { ...(second as RecordedEvent), data: '{"v":2}' };
    expect(() => directory.apply([first as RecordedEvent, newer])).toThrow(UnreadableEventError);
    expect(directory.tenant('acme')).toEqual({ status: 'absent' });
  });

  it('ignores streams that are no tenants', () => {
    const { directory } = aDirectory();
    const [first] = recorded('acme', history);
    directory.apply([{ ...(first as RecordedEvent), stream: 'installation', type: 'Other' }]);
    expect(directory.all()).toEqual([]);
  });

  it('misses nothing that is projected while it is filled', async () => {
    const { directory } = aDirectory();
    const events = recorded('acme', history);
    let tell: (events: readonly RecordedEvent[]) => void = () => undefined;
    const progress = { position: 1n, head: 1n, ready: true, rebuilding: false };
    expect(directory.isComplete()).toBe(false);
    await directory.follow({
      progress: () => progress,
      onDirectoryEvents: (listener) => {
        tell = listener;
      },
      directoryEvents: () => {
        const rows = events.slice(0, 1);
        tell(events.slice(1, 2));
        return Promise.resolve(rows);
      },
    });
    expect(directory.authenticate(`pk_test_aaaa.${SECRET}`)?.keyId).toBe('key_aaaa');
    expect(directory.isComplete()).toBe(true);
    tell(events.slice(2));
    expect(directory.authenticate(`pk_test_aaaa.${SECRET}`)).toBeUndefined();
  });

  it('makes MACs under the key of each tenant, and others for idempotency', () => {
    const { directory } = aDirectory();
    const zeta = { ...created('zeta'), referenceKey: '11'.repeat(32) } as TenantEvent;
    directory.apply([...recorded('acme', [created('acme')]), ...recorded('zeta', [zeta])]);
    const acme = directory.keysOf('acme');
    expect(acme?.referenceHmac('text')).toBe(hmacUnder('00'.repeat(32))('text'));
    const derived = hmacUnder('00'.repeat(32))('deltabook:idempotency:v1');
    expect(acme?.idempotencyHmac('text')).toBe(hmacUnder(derived)('text'));
    expect(directory.keysOf('zeta')?.referenceHmac('text')).not.toBe(acme?.referenceHmac('text'));
    expect(directory.keysOf('nobody')).toBeUndefined();
  });
});

function issuedHash(): string {
  return sha256Hex(secretHashText('pk_test_aaaa', SECRET));
}
