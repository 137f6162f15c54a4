// Tenants and keys by given events, when a command comes, then events or a refusal.
import {
  ACTIVE_API_KEYS_MAX,
  decideCreateTenant,
  decideIssueApiKey,
  decideRevokeApiKey,
  type IssueApiKey,
  type TenantDecision,
} from './decide-tenant';
import { evolveTenant, NO_TENANT, type Tenant } from './tenant';
import { parseTenantEvent, tenantOfStream, tenantStream, type TenantEvent } from './tenant-events';

const now = Date.parse('2026-01-01T12:00:00.000Z');
const referenceKey = '0f'.repeat(32);

const created: TenantEvent = {
  type: 'TenantCreated',
  v: 1,
  tenant: 'acme',
  referenceKey,
  createdAt: '2026-01-01T12:00:00.000Z',
};
const issued = (n: number): TenantEvent => ({
  type: 'ApiKeyIssued',
  v: 1,
  keyId: `key_${n}`,
  publicId: `public${n}`,
  environment: 'sandbox',
  scopes: ['read', 'write'],
  name: `key ${n}`,
  secretHash: 'ab'.repeat(32),
  issuedAt: '2026-01-01T12:00:00.000Z',
});
const revoked = (n: number): TenantEvent => ({
  type: 'ApiKeyRevoked',
  v: 1,
  keyId: `key_${n}`,
  revokedAt: '2026-01-01T12:00:00.000Z',
});

const given = (...events: readonly TenantEvent[]): Tenant =>
  evolveTenant(
    NO_TENANT,
    events.map((event, revision) => ({ event, revision })),
  );
const eventOf = (decision: TenantDecision): TenantEvent | undefined =>
  decision.kind === 'changed'
    ? parseTenantEvent(decision.text.type, decision.text.data)
    : undefined;
const issue = (change: Partial<IssueApiKey> = {}): IssueApiKey => ({
  keyId: 'key_1',
  publicId: 'public1',
  environment: 'sandbox',
  scopes: ['read', 'write'],
  name: 'key 1',
  secretHash: 'ab'.repeat(32),
  now,
  ...change,
});

describe('creating a tenant', () => {
  it('keeps its reference key', () => {
    const decision = decideCreateTenant({ tenant: 'acme', referenceKey, now }, given());
    expect(eventOf(decision)).toEqual(created);
  });

  it('that exists is refused', () => {
    const decision = decideCreateTenant({ tenant: 'acme', referenceKey, now }, given(created));
    expect(decision).toEqual({ kind: 'refused', code: 'TENANT_EXISTS' });
  });

  it.each(['', 'Acme', 'a b', 'a/b', 'a\n', 'x'.repeat(64)])('named %j is refused', (tenant) => {
    const decision = decideCreateTenant({ tenant, referenceKey, now }, given());
    expect(decision).toEqual({ kind: 'refused', code: 'INVALID_TENANT_NAME' });
  });

  it.each(['', '0F'.repeat(32), '0f'.repeat(31), `${'0f'.repeat(32)}\n`])(
    'with the reference key %j is refused',
    (key) => {
      const decision = decideCreateTenant({ tenant: 'acme', referenceKey: key, now }, given());
      expect(decision).toEqual({ kind: 'refused', code: 'INVALID_REFERENCE_KEY' });
    },
  );
});

describe('issuing a key', () => {
  it('stores everything but the secret', () => {
    expect(eventOf(decideIssueApiKey(issue(), given(created)))).toEqual(issued(1));
  });

  it('keeps scopes in their own order', () => {
    const decision = decideIssueApiKey(issue({ scopes: ['operate', 'read'] }), given(created));
    expect(eventOf(decision)).toMatchObject({ scopes: ['read', 'operate'] });
  });

  it.each<[string, Partial<IssueApiKey>, string]>([
    ['no scope', { scopes: [] }, 'INVALID_SCOPES'],
    ['a scope twice', { scopes: ['read', 'read'] }, 'INVALID_SCOPES'],
    ['an unknown scope', { scopes: ['admin' as 'read'] }, 'INVALID_SCOPES'],
    ['a name of two lines', { name: 'a\nb' }, 'INVALID_API_KEY_NAME'],
  ])('with %s is refused', (_what, change, code) => {
    const decision = decideIssueApiKey(issue(change), given(created));
    expect(decision).toEqual({ kind: 'refused', code });
  });

  it('of a tenant that does not exist is refused', () => {
    const decision = decideIssueApiKey(issue(), given());
    expect(decision).toEqual({ kind: 'refused', code: 'TENANT_NOT_FOUND' });
  });

  it.each<[string, Partial<IssueApiKey>]>([
    ['key id', { publicId: 'another' }],
    ['public key', { keyId: 'key_another' }],
  ])('with the %s of another one is refused, even of a revoked one', (_what, change) => {
    const refusal = { kind: 'refused', code: 'API_KEY_EXISTS' };
    expect(decideIssueApiKey(issue(change), given(created, issued(1)))).toEqual(refusal);
    const afterRevoking = given(created, issued(1), revoked(1));
    expect(decideIssueApiKey(issue(change), afterRevoking)).toEqual(refusal);
  });

  it('with the public id of a key of the other environment is fine', () => {
    const other = issue({ keyId: 'key_2', environment: 'production' });
    expect(decideIssueApiKey(other, given(created, issued(1))).kind).toBe('changed');
  });

  it('beyond the greatest number of active ones is refused until one is revoked', () => {
    const many = Array.from({ length: ACTIVE_API_KEYS_MAX }, (_, i) => issued(i + 2));
    expect(decideIssueApiKey(issue(), given(created, ...many))).toEqual({
      kind: 'refused',
      code: 'TOO_MANY_API_KEYS',
    });
    expect(decideIssueApiKey(issue(), given(created, ...many, revoked(2))).kind).toBe('changed');
  });
});

describe('revoking a key', () => {
  it('is for ever, and again changes nothing', () => {
    const command = { keyId: 'key_1', now };
    const decision = decideRevokeApiKey(command, given(created, issued(1)));
    expect(eventOf(decision)).toEqual(revoked(1));
    const again = decideRevokeApiKey(command, given(created, issued(1), revoked(1)));
    expect(again).toEqual({ kind: 'unchanged' });
  });

  it('that the tenant does not have is refused', () => {
    expect(decideRevokeApiKey({ keyId: 'key_2', now }, given(created, issued(1)))).toEqual({
      kind: 'refused',
      code: 'API_KEY_NOT_FOUND',
    });
    expect(decideRevokeApiKey({ keyId: 'key_2', now }, given())).toEqual({
      kind: 'refused',
      code: 'TENANT_NOT_FOUND',
    });
  });
});

describe('the state of a tenant', () => {
  const events = [created, issued(1), issued(2), revoked(1)];

  it('is the same folded at once or one by one', () => {
    const oneByOne = events.reduce<Tenant>(
      (tenant, event, revision) => evolveTenant(tenant, [{ event, revision }]),
      NO_TENANT,
    );
    expect(oneByOne).toEqual(given(...events));
    expect(oneByOne).toMatchObject({ tenant: 'acme', revision: 3, referenceKey });
  });

  it('before an event is not changed by folding it', () => {
    const before = given(created, issued(1));
    evolveTenant(before, [
      { event: issued(2), revision: 2 },
      { event: revoked(1), revision: 3 },
    ]);
    expect(before).toEqual(given(created, issued(1)));
  });
});

it('a stream names its tenant', () => {
  expect(tenantOfStream(tenantStream('acme.eu'))).toBe('acme.eu');
  expect(tenantOfStream('installation')).toBeUndefined();
});
