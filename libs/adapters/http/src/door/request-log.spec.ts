// What is logged of requests, and what never is.
import { KEY, LIMITS, openDoors, SECRET } from '../../../../../test/support/http-doors';

const EMIT = '/api/v1/balance/delta';
const BODY = { customerId: 'cust_001', delta: 5, reason: 'usage' };
const REFUSED = { kind: 'refused', code: 'STORE_FULL' };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the log', () => {
  it('has one line for each failed request, and never a key', async () => {
    const { post, get, log } = openDoors(() => REFUSED);
    await post(EMIT, BODY, { 'x-correlation-id': 'c1' });
    await post(EMIT, BODY, { 'x-api-key': `${KEY}0` });
    await get(`/api/v1/balance/${KEY}?apiKey=${KEY}`);
    await get(`/api/v1/balance/customers?apiKey=${KEY}`);
    while (log.length < 4) await turn();
    expect(log.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        level: 50,
        msg: 'request failed',
        operation: 'emitDelta',
        path: EMIT,
        status: 503,
        code: 'STORE_FULL',
        correlationId: 'c1',
        requestId: 'p-1',
        tenant: 'acme',
        environment: 'sandbox',
        keyId: 'key_spec',
        tookMs: 0,
      }),
      expect.objectContaining({ level: 30, code: 'INVALID_API_KEY' }),
      expect.objectContaining({ code: 'NOT_FOUND', path: '/api/v1/balance/pk_test_…' }),
      expect.objectContaining({ code: 'VALIDATION_FAILED' }),
    ]);
    expect(log.join('')).not.toContain(SECRET);
  });

  it('has slow requests, and all of them on a setting', async () => {
    let elapsed = 0;
    const elapsedMs = (): number => (elapsed += 700);
    const limits = { ...LIMITS, slowRequestMs: 700 };
    const slow = openDoors(() => REFUSED, { elapsedMs, limits });
    await slow.get('/health/live');
    const quick = openDoors(() => REFUSED);
    await quick.get('/health/live');
    const all = openDoors(() => REFUSED, { limits: { ...LIMITS, logRequests: true } });
    await all.get('/health/live');
    while (all.log.length === 0 || slow.log.length === 0) await turn();
    expect(slow.log[0]).toContain('"msg":"request slow"');
    expect(all.log[0]).toContain('"msg":"request"');
    expect(quick.log).toEqual([]);
  });

  it('has the stack of what nobody expected, the reply has none of it', async () => {
    const { post, log } = openDoors(() => {
      throw new Error(`boom in ${__filename}`);
    });
    const { status, body, text } = await post(EMIT, BODY);
    expect([status, body.error['code']]).toEqual([500, 'INTERNAL']);
    expect(text).not.toContain('boom');
    while (log.length === 0) await turn();
    expect(JSON.parse(log[0] ?? '')).toMatchObject({
      code: 'INTERNAL',
      err: {
        message: expect.stringContaining('boom') as string,
        stack: expect.any(String) as string,
      },
    });
  });
});
