import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  KEY,
  NOW,
  openDoors,
  OTHER_KEY,
  READ_KEY,
  type Reply,
  type SpecDoors,
} from '../../../../../test/support/http-doors';

const LIST = '/api/v1/balance/customers';
const EMIT = '/api/v1/balance/delta';
const IDLE_MS = 60_000;
const NO_KEY = { 'x-api-key': '' };
const PAGE = { ...NO_KEY, 'x-environment': 'sandbox' };
const stale = { kind: 'refused', code: 'POSITION_NOT_REACHED', position: 1n };

let folder: string;
let now: number;
let revoked: boolean;
let service: SpecDoors;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deltabook-page-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Page</title>');
  writeFileSync(join(folder, 'assets/index-abc.js'), 'void 0;');
  writeFileSync(join(folder, 'assets/index-abc.js.br'), 'compressed');
  now = NOW;
  revoked = false;
  const { authenticate } = keysOf();
  service = openDoors(() => stale, {
    now: () => now,
    tenants: {
      authenticate: (key) => (revoked ? undefined : authenticate(key)),
      keysOf: () => undefined,
      isComplete: () => true,
    },
    dashboard: { folder, sessionsMax: 2, sessionIdleMs: IDLE_MS },
  });
});

afterEach(async () => {
  await service.fastify.close();
  rmSync(folder, { recursive: true });
});

/** Keys as the support of doors knows them. */
function keysOf(): { authenticate: (key: string) => never } {
  const scopes = ['read', 'write'];
  const principal = (tenant: string, environment: string): never =>
    ({ tenant, environment, scopes, keyId: `key_${tenant}` }) as never;
  const known = new Map([
    [KEY, principal('acme', 'sandbox')],
    [READ_KEY, principal('acme', 'production')],
    [OTHER_KEY, principal('other', 'sandbox')],
  ]);
  return { authenticate: (key) => known.get(key) as never };
}

const signIn = (apiKey: string, headers: Record<string, string> = {}): Promise<Reply> =>
  service.post('/session', { apiKey }, { ...NO_KEY, ...headers });

interface Signed {
  readonly cookie: string;
  readonly csrfToken: string;
}

async function signedIn(apiKey: string): Promise<Signed> {
  const { headers, body } = await signIn(apiKey);
  const { sessions } = body.data as { sessions: readonly { csrfToken: string }[] };
  const [first] = sessions;
  return {
    cookie: String(headers['set-cookie']).split(';')[0] ?? '',
    csrfToken: first?.csrfToken ?? '',
  };
}

const codeOf = ({ status, body }: Reply): readonly unknown[] => [status, body.error['code']];
const LET_IN = [503, 'POSITION_NOT_REACHED'];

describe('signing in', () => {
  it('hands out a cookie that scripts and other sites cannot use, and no key', async () => {
    const { status, headers, body, text } = await signIn(KEY);
    expect(status).toBe(201);
    expect(headers['set-cookie']).toMatch(
      /^deltabook_session_sandbox=[0-9a-f]{64}; HttpOnly; SameSite=Strict; Path=\/$/,
    );
    expect(headers['cache-control']).toBe('no-store');
    expect(body.data).toMatchObject({
      sessions: [{ environment: 'sandbox', tenant: 'acme', keyId: 'key_acme' }],
    });
    expect(text).not.toContain(KEY);
  });

  it('marks the cookie as secure behind a proxy that ends TLS', async () => {
    const { headers } = await signIn(KEY, { 'x-forwarded-proto': 'https' });
    expect(headers['set-cookie']).toMatch(/; Secure$/);
  });

  it('refuses unknown keys, other forms and other sites', async () => {
    expect(codeOf(await signIn('pk_test_none.0123456789abcdef0123456789abcdef'))).toEqual([
      401,
      'INVALID_API_KEY',
    ]);
    expect(codeOf(await service.post('/session', { key: KEY }, NO_KEY))).toEqual([
      400,
      'VALIDATION_FAILED',
    ]);
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
    ]) {
      expect(codeOf(await signIn(KEY, headers))).toEqual([403, 'CROSS_SITE_REQUEST']);
    }
  });
});

describe('a session', () => {
  it('speaks for its key in its environment', async () => {
    const { cookie, csrfToken } = await signedIn(KEY);
    expect(codeOf(await service.get(LIST, { ...PAGE, cookie }))).toEqual(LET_IN);
    const write = { ...PAGE, cookie, 'x-deltabook-csrf': csrfToken };
    const body = { customerId: 'a', delta: 1, reason: 'r' };
    expect((await service.post(EMIT, body, write)).status).not.toBe(403);
    const production = { ...PAGE, cookie, 'x-environment': 'production' };
    expect(codeOf(await service.get(LIST, production))).toEqual([401, 'SESSION_ENDED']);
    expect(codeOf(await service.get(LIST, { ...NO_KEY, cookie }))).toEqual([
      401,
      'MISSING_API_KEY',
    ]);
  });

  it('changes nothing without its token, nor for other sites', async () => {
    const { cookie, csrfToken } = await signedIn(KEY);
    const body = { customerId: 'a', delta: 1, reason: 'r' };
    for (const headers of [
      {},
      { 'x-deltabook-csrf': '' },
      { 'x-deltabook-csrf': 'f'.repeat(csrfToken.length) },
      { 'x-deltabook-csrf': csrfToken, 'sec-fetch-site': 'cross-site' },
      { 'x-deltabook-csrf': csrfToken, origin: 'https://elsewhere.example' },
    ]) {
      const reply = await service.post(EMIT, body, { ...PAGE, cookie, ...headers });
      expect(codeOf(reply)).toEqual([403, 'CROSS_SITE_REQUEST']);
    }
    expect(service.messages).toEqual([]);
  });

  it('stands beside one of the other environment, and gives way to one of its own', async () => {
    const sandbox = await signedIn(KEY);
    const both = await signIn(READ_KEY, { cookie: sandbox.cookie });
    expect(both.body.data).toMatchObject({
      sessions: [{ environment: 'sandbox' }, { environment: 'production' }],
    });
    await signIn(OTHER_KEY, { cookie: sandbox.cookie });
    const former = await service.get(LIST, { ...PAGE, cookie: sandbox.cookie });
    expect(codeOf(former)).toEqual([401, 'SESSION_ENDED']);
  });

  it('ends by signing out, which needs its token', async () => {
    const { cookie, csrfToken } = await signedIn(KEY);
    const out = (headers: Record<string, string>): Promise<Reply> =>
      service.remove('/session', { ...PAGE, cookie, ...headers });
    expect(codeOf(await out({}))).toEqual([403, 'CROSS_SITE_REQUEST']);
    const { headers, body } = await out({ 'x-deltabook-csrf': csrfToken });
    expect(headers['set-cookie']).toContain('Max-Age=0');
    expect(body.data).toEqual({ sessions: [] });
    expect(codeOf(await service.get(LIST, { ...PAGE, cookie }))).toEqual([401, 'SESSION_ENDED']);
  });

  it('ends when it is idle, when its key is revoked, and when there are too many', async () => {
    const first = await signedIn(KEY);
    const status = async ({ cookie }: Signed): Promise<unknown> =>
      codeOf(await service.get(LIST, { ...PAGE, cookie }))[1];
    now += IDLE_MS;
    expect(await status(first)).toBe('POSITION_NOT_REACHED');
    now += IDLE_MS + 1;
    expect(await status(first)).toBe('SESSION_ENDED');
    const [second, third, fourth] = [await signedIn(KEY), await signedIn(KEY), await signedIn(KEY)];
    expect(await status(second)).toBe('SESSION_ENDED');
    expect(await status(third)).toBe('POSITION_NOT_REACHED');
    revoked = true;
    expect(await status(fourth)).toBe('SESSION_ENDED');
  });
});

describe('the page', () => {
  it('is served at its addresses, asked for anew, and loads nothing from elsewhere', async () => {
    for (const path of ['/', '/customers', '/customers/cust%3A1', '/system']) {
      const { status, headers, text } = await service.get(path, NO_KEY);
      expect([path, status, text]).toEqual([path, 200, '<!doctype html><title>Page</title>']);
      expect(headers).toMatchObject({
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
      });
      expect(headers['content-security-policy']).toContain("default-src 'self'");
    }
  });

  it('has files that are kept for ever, compressed for those who can read them', async () => {
    const file = '/assets/index-abc.js';
    const plain = await service.get(file, NO_KEY);
    expect(plain.text).toBe('void 0;');
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const compressed = await service.get(file, { ...NO_KEY, 'accept-encoding': 'br' });
    expect(compressed.text).toBe('compressed');
    expect(compressed.headers).toMatchObject({ 'content-encoding': 'br' });
  });

  it('leaves unknown paths to the API', async () => {
    expect(codeOf(await service.get('/assets/none.js', NO_KEY))).toEqual([404, 'NOT_FOUND']);
    expect(codeOf(await service.get('/..%2f..%2fpackage.json', NO_KEY))[0]).toBe(404);
  });
});
