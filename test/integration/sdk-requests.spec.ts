// What the SDK sends, and which options it takes.
import {
  PacSpace,
  ValidationError,
  type PacSpaceError,
  type PacSpaceOptions,
} from '@deltabook/sdk';
import { SDK_KEY as API_KEY, startScriptedClient } from '../support/scripted-client';
import {
  startScriptedServer,
  success,
  type Asked,
  type Scripted,
  type ScriptedServer,
} from '../support/scripted-server';

let server: ScriptedServer;

afterEach(() => server.stop());

async function clientOf(
  answerTo: (asked: Asked, count: number) => Scripted,
  options: PacSpaceOptions = {},
): Promise<PacSpace> {
  const client = await startScriptedClient(answerTo, options);
  server = client.server;
  return client.pac;
}

describe('requests', () => {
  const EMITTED = { recordId: 'rec_1', status: 'QUEUED', position: '41' };

  it('send a delta with its options, key and one new idempotency key a call', async () => {
    const pac = await clientOf(() => success(EMITTED, 201));
    const options = { referenceId: 'txn_1', metadata: { plan: 'pro' } };
    await pac.balance.emit('cust_001', '0.1', 'usage', options);
    await pac.balance.emit('cust_001', -5, 'usage', { idempotencyKey: 'mine' });
    const body = { customerId: 'cust_001', delta: -5, reason: 'usage' };
    await pac.balance.emit({ ...body, idempotencyKey: 'theirs' });
    const [first, second, third] = server.asked;
    expect(third?.headers['idempotency-key']).toBe('theirs');
    expect(third?.body).toEqual(body);
    expect(first).toMatchObject({
      method: 'POST',
      url: '/api/v1/balance/delta',
      headers: { 'x-api-key': API_KEY, 'content-type': 'application/json' },
      body: { customerId: 'cust_001', delta: '0.1', reason: 'usage', ...options },
    });
    expect(first?.headers['idempotency-key']).toMatch(/^sdk-[0-9a-f]{32}$/);
    expect(second?.headers['idempotency-key']).toBe('mine');
    expect(second?.body).toEqual(body);
  });

  it('give a batch one key, or each item one where the caller gave some', async () => {
    const pac = await clientOf(() => success({ results: [] }, 201));
    const one = { customerId: 'cust_001', delta: 1, reason: 'usage' };
    await pac.balance.emitBatch([one, one]);
    await pac.balance.emitBatch([one, { ...one, idempotencyKey: 'mine' }]);
    const [whole, items] = server.asked;
    expect(whole?.headers['idempotency-key']).toMatch(/^sdk-/);
    expect(whole?.body).toEqual({ deltas: [one, one] });
    expect(items?.headers['idempotency-key']).toBeUndefined();
    const first = { ...one, idempotencyKey: expect.stringMatching(/^sdk-/) as string };
    expect(items?.body).toEqual({ deltas: [first, { ...one, idempotencyKey: 'mine' }] });
  });

  it('encode ids, and refuse those that would change the path', async () => {
    const pac = await clientOf(() => success({ recentActivity: { items: [], nextCursor: null } }));
    await pac.balance.customer('cust:1/%2F?');
    expect(server.asked[0]?.url).toBe('/api/v1/balance/customers/cust%3A1%2F%252F%3F');
    for (const id of ['', '.', '..', '\ud800']) {
      await expect(pac.balance.customer(id)).rejects.toThrow(ValidationError);
    }
    expect(server.asked).toHaveLength(1);
  });

  it('make reads wait for what was written before', async () => {
    const pac = await clientOf(({ method }) => success(method === 'POST' ? EMITTED : {}));
    await pac.balance.customersSummary();
    await pac.balance.emit('cust_001', 1, 'usage');
    await pac.balance.customersSummary();
    await pac.balance.customer('cust_001', { minPosition: '7' });
    expect(server.asked.map(({ url }) => url.split('?')[1])).toEqual([
      undefined,
      undefined,
      'minPosition=41',
      'minPosition=7',
    ]);
  });

  it('carry no key to the public verification, nor from a page with a session', async () => {
    const pac = await clientOf(() => success({ verified: true }));
    await pac.verify(`0x${'a'.repeat(64)}`, { source: 'both' });
    const page = new PacSpace({
      baseUrl: server.baseUrl,
      session: { csrfToken: 'token', environment: 'production' },
    });
    await page.balance.customersSummary();
    expect(server.asked[0]?.url).toBe(`/api/v1/verify/0x${'a'.repeat(64)}?source=both`);
    expect(server.asked.map(({ headers }) => headers['x-api-key'])).toEqual([undefined, undefined]);
    expect(server.asked[1]?.headers['x-deltabook-csrf']).toBe('token');
  });

  it('go on over pages', async () => {
    const pac = await clientOf(({ url }) => {
      const page = Number(new URL(url, 'http://any').searchParams.get('page') ?? '1');
      return success({
        customers: [{ customerId: `cust_${page}` }],
        pagination: { page, limit: 1, total: 3, totalPages: 3 },
      });
    });
    const ids: string[] = [];
    for await (const { customerId } of pac.balance.customers({ limit: 1, search: 'cust_' })) {
      ids.push(customerId);
    }
    expect(ids).toEqual(['cust_1', 'cust_2', 'cust_3']);
    expect(server.asked[2]?.url).toBe('/api/v1/balance/customers?limit=1&search=cust_&page=3');
  });

  it('scope derive in time', async () => {
    const now = (): Date => new Date('2026-04-15T12:00:00Z');
    const pac = await clientOf(() => success({ computedBalance: 1 }), { now });
    await pac.balance.deriveCurrentMonth('c');
    await pac.balance.deriveForPeriod('c', '2026-03', { limit: 10 });
    await pac.balance.deriveMonthsBack('c', 2);
    expect(server.asked.map(({ url }) => url.split('?')[1])).toEqual([
      'timePreset=current_month',
      'limit=10&period=2026-03',
      'timePreset=custom&startDate=2026-03-01T00%3A00%3A00Z&endDate=2026-05-01T00%3A00%3A00Z',
    ]);
  });
});

describe('options', () => {
  it.each([
    [{}, 'MISSING_API_KEY'],
    [{ apiKey: '' }, 'MISSING_API_KEY'],
    [{ apiKey: API_KEY, baseUrl: '127.0.0.1:3000' }, 'INVALID_URL'],
    [{ apiKey: API_KEY, baseUrl: 'http://user:pw@host' }, 'INVALID_URL'],
    [{ apiKey: API_KEY, baseUrl: 'ftp://host' }, 'INVALID_URL'],
  ])('refuses %p', (options, code) => {
    const codeOf = (): unknown => {
      try {
        return new PacSpace(options);
      } catch (error) {
        return (error as PacSpaceError).code;
      }
    };
    expect(codeOf()).toBe(code);
  });

  it('keeps a path prefix and chooses by environment', async () => {
    server = await startScriptedServer(() => success({}));
    const sandbox = new PacSpace({ apiKey: API_KEY, sandboxUrl: `${server.baseUrl}/ledger/` });
    await sandbox.balance.customersSummary();
    const live = new PacSpace({ apiKey: 'pk_live_a.b', productionUrl: server.baseUrl });
    await live.balance.customersSummary();
    expect(server.asked.map(({ url }) => url)).toEqual([
      '/ledger/api/v1/balance/customers/summary',
      '/api/v1/balance/customers/summary',
    ]);
  });
});
