// What happens to requests before an operation sees them.
import { KEY, openDoors } from '../../../../test/support/http-doors';

const EMIT = '/api/v1/balance/delta';
const BODY = { customerId: 'cust_001', delta: 5, reason: 'usage' };
const REFUSED = { kind: 'refused', code: 'STORE_FULL' };

describe('a request', () => {
  const { post, get, messages } = openDoors(() => REFUSED);

  it.each([
    ['{"customerId":', 'INVALID_JSON', undefined],
    [
      '{"customerId":"a","delta":1,"reason":"x","metadata":{"__proto__":{}}}',
      'INVALID_JSON',
      'it has a member __proto__',
    ],
    [
      '{"customerId":"a","delta":1,"reason":"x","metadata":{"_\\u005fproto__":1}}',
      'INVALID_JSON',
      'it has a member __proto__',
    ],
    ['5', 'VALIDATION_FAILED', 'must be object'],
    ['', 'VALIDATION_FAILED', 'must be object'],
  ])('with body %s is refused', async (text, code, reason) => {
    const { status, body } = await post(EMIT, text);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code, ...(reason === undefined ? {} : { reason }) });
  });

  it.each([
    ['{"customerId":"a","delta":1,"reason":"x","metadata":{"a":"__proto__"}}'],
    ['\ufeff{"customerId":"a","delta":1,"reason":"x"}'],
    ['{"customerId":"a","delta":0,"delta":1,"reason":"x"}'],
  ])('with body %s is let through', async (text) => {
    expect((await post(EMIT, text)).status).toBe(503);
  });

  it('whose body is not UTF-8 is refused instead of changed', async () => {
    const { fastify } = openDoors(() => REFUSED);
    const text = JSON.stringify({ ...BODY, reason: 'caf\u00e9' });
    const headers = { 'x-api-key': KEY, 'content-type': 'application/json; charset=utf-8' };
    const options = { method: 'POST', url: EMIT, headers } as const;
    const bad = await fastify.inject({ ...options, payload: Buffer.from(text, 'latin1') });
    expect(bad.statusCode).toBe(400);
    expect(bad.json()).toMatchObject({
      error: { code: 'INVALID_JSON', reason: 'it is not UTF-8' },
    });
    expect((await fastify.inject({ ...options, payload: text })).statusCode).toBe(503);
  });

  it('over its size is refused', async () => {
    const { status, body } = await post(EMIT, { ...BODY, reason: 'x'.repeat(65_536) });
    expect([status, body.error['code']]).toEqual([413, 'BODY_TOO_LARGE']);
    expect(body.error['reason']).toBe('at most 65536 bytes are taken here');
  });

  it.each([
    ['/api/v1/balance/customers?other=1', 'other', 'is not known; known are page, limit'],
    ['/api/v1/balance/customers?page=0', 'page', 'must be a whole number from 1'],
    ['/api/v1/balance/customers?page=1&page=2', 'page', ''],
    ['/api/v1/balance/customers?limit=101', 'limit', 'must be a whole number from 1 to 100'],
    ['/api/v1/balance/customers?sortBy=name', 'sortBy', ''],
    ['/api/v1/balance/customers?minPosition=x', 'minPosition', 'must be a position'],
    ['/api/v1/balance/customers?search=%00', 'search', 'must be a text'],
    ['/api/v1/balance/derive/a?startingBalance=1e3', 'startingBalance', 'must be a decimal'],
    ['/api/v1/balance/derive/a?limit=1001', 'limit', 'must be a whole number from 1 to 1000'],
    ['/api/v1/balance/customers/a?status=DONE', 'status', ''],
    ['/api/v1/balance/customers/a?startDate=2026-02-30', 'startDate', 'names a day'],
    ['/api/v1/balance/customers/a?deltaPage=2&reason=x', 'deltaPage', 'must be 1 with a filter'],
  ])('GET %s is refused by name', async (path, field, reason) => {
    const { status, body } = await get(path);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'VALIDATION_FAILED', field });
    expect(body.error['reason']).toContain(reason);
  });

  it('takes no query where there is none', async () => {
    const { body } = await post(`${EMIT}?dryRun=1`, BODY);
    expect(body.error).toMatchObject({
      field: 'dryRun',
      reason: 'is not known; nothing is taken here',
    });
  });

  it.each([
    ['/api/v1/balance/customers/a%2Fb', 400, 'INVALID_CUSTOMER_ID'],
    ['/api/v1/balance/customers/%E0%A4%A', 400, 'INVALID_URL'],
    [`/api/v1/balance/customers/${'a'.repeat(129)}`, 400, 'INVALID_CUSTOMER_ID'],
    ['/api/v1/balance/derive/a_b%25', 400, 'INVALID_CUSTOMER_ID'],
    ['/api/v1/balance/nothing', 404, 'NOT_FOUND'],
    ['/', 404, 'NOT_FOUND'],
    ['/api/v1/balance/delta', 405, 'METHOD_NOT_ALLOWED'],
  ])('GET %s is %s %s', async (path, status, code) => {
    const reply = await get(path);
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ success: false, statusCode: status, error: { code } });
  });

  it('names the methods that a path takes', async () => {
    expect((await get('/api/v1/balance/delta')).headers['allow']).toBe('POST');
    expect((await post('/dashboard/api-keys/key_1', {})).headers['allow']).toBe('GET, DELETE');
  });

  it('may choose its id, if that is one', async () => {
    const { headers, body } = await post(EMIT, BODY, { 'x-request-id': 'my.id:1' });
    expect([headers['x-request-id'], body.error['requestId']]).toEqual(['my.id:1', 'my.id:1']);
    const odd = await post(EMIT, BODY, { 'x-request-id': 'my id' });
    expect(odd.headers['x-request-id']).toMatch(/^p-[0-9a-z]+$/);
  });

  it('with a GET may have a content type and unknown headers', async () => {
    const headers = {
      'content-type': 'application/json',
      'x-chain-id': '296',
      'x-credit-pool-id': '',
    };
    expect((await get('/api/v1/balance/customers/a/', headers)).status).toBe(503);
    expect(messages.length).toBeGreaterThan(0);
  });
});
