// How many requests may be in flight, over all and per tenant, and how the door is closed.
import { LIMITS, openDoors, OTHER_KEY } from '../../../../../test/support/http-doors';

const EMIT = '/api/v1/balance/delta';
const BODY = { customerId: 'cust_001', delta: 5, reason: 'usage' };
const REFUSED = { kind: 'refused', code: 'STORE_FULL' };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Doors whose writes wait until the spec lets them go. */
function doorsThatWait(limits: Partial<typeof LIMITS>) {
  const waiting: ((outcome: unknown) => void)[] = [];
  const doors = openDoors(() => new Promise((resolve) => waiting.push(resolve)), {
    limits: { ...LIMITS, ...limits },
  });
  const release = (): void => waiting.splice(0).forEach((resolve) => resolve(REFUSED));
  const arrived = async (count: number): Promise<void> => {
    while (waiting.length < count) await turn();
  };
  return { ...doors, release, arrived };
}

describe('requests in flight', () => {
  it('are bounded: what is over the bound gets 429', async () => {
    const { post, release, arrived } = doorsThatWait({ requestsInFlightMax: 2, tenantShareMax: 1 });
    const first = [post(EMIT, BODY), post(EMIT, BODY)];
    await arrived(2);
    const { status, headers, body } = await post(EMIT, BODY);
    expect([status, headers['retry-after']]).toEqual([429, '1']);
    expect(body.error).toMatchObject({ code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 1 });
    release();
    expect((await Promise.all(first)).map((reply) => reply.status)).toEqual([503, 503]);
    const next = post(EMIT, BODY);
    await arrived(1);
    release();
    expect((await next).status).toBe(503);
  });

  it('without a key are bounded together, and leave room for those with one', async () => {
    const root = `/api/v1/verify/0x${'ab'.repeat(32)}`;
    const { get, post, release, arrived } = doorsThatWait({ requestsInFlightMax: 4 });
    const anyone = { 'x-api-key': '' };
    const first = [get(root, anyone), get(root, anyone)];
    await arrived(2);
    const { status, body } = await get(root, anyone);
    expect([status, body.error['code']]).toEqual([429, 'TOO_MANY_REQUESTS']);
    const write = post(EMIT, BODY);
    await arrived(3);
    release();
    expect((await write).status).toBe(503);
    await Promise.all(first);
  });

  it('are bounded in bytes', async () => {
    const bytes = JSON.stringify(BODY).length;
    const { post, release, arrived } = doorsThatWait({
      requestBytesInFlightMax: 2 * bytes,
      tenantShareMax: 1,
    });
    const first = [post(EMIT, BODY), post(EMIT, BODY)];
    await arrived(2);
    expect((await post(EMIT, BODY)).body.error['code']).toBe('TOO_MANY_REQUESTS');
    release();
    await Promise.all(first);
  });

  it('of one tenant leave room for the others', async () => {
    const { post, release, arrived } = doorsThatWait({ requestsInFlightMax: 4 });
    const flood = [post(EMIT, BODY), post(EMIT, BODY)];
    await arrived(2);
    expect((await post(EMIT, BODY)).body.error['code']).toBe('TENANT_OVERLOADED');
    const other = post(EMIT, BODY, { 'x-api-key': OTHER_KEY });
    await arrived(3);
    release();
    expect((await Promise.all([...flood, other])).map(({ status }) => status)).toEqual([
      503, 503, 503,
    ]);
  });

  it('are answered while draining; new writes are not let in, reads are', async () => {
    const { post, get, release, arrived, doors } = doorsThatWait({});
    const before = post(EMIT, BODY);
    await arrived(1);
    let drained = false;
    const draining = doors.drain().then(() => (drained = true));
    const { status, headers, body } = await post(EMIT, BODY);
    expect([status, body.error['code']]).toEqual([503, 'SHUTTING_DOWN']);
    expect(headers).toMatchObject({ connection: 'close', 'retry-after': '2' });
    const read = get('/api/v1/balance/customers/a');
    await arrived(2);
    expect(drained).toBe(false);
    release();
    expect((await before).headers).toMatchObject({ 'x-request-id': 'p-1' });
    expect((await read).status).toBe(503);
    await draining;
  });
});
