// What the page "How customer records work" promises, against the built service as its own process.
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

const BALANCE = '/api/v1/balance';
let service: ServiceProcess;

/** Reads at `position`, so that the test never waits for time to pass. */
const after = (reply: { body: { data: { position: string } } }, path: string): string =>
  `${path}${path.includes('?') ? '&' : '?'}minPosition=${reply.body.data.position}`;

describe('customer records', () => {
  const dataDir = aDataDir();
  beforeAll(async () => {
    service = await startService(dataDir);
  });
  afterAll(async () => {
    await service.stop('SIGTERM');
  });

  it('emit, list and get: the three calls of the page, with no set-up', async () => {
    const emitted = await service.post(`${BALANCE}/delta`, {
      customerId: 'cust_001',
      delta: 500,
      reason: 'initial_deposit',
    });
    expect(emitted.status).toBe(201);
    expect(emitted.body).toMatchObject({
      success: true,
      data: { customerId: 'cust_001', delta: 500, status: 'QUEUED', computedBalance: 500 },
    });

    const list = await service.get(after(emitted, `${BALANCE}/customers`));
    expect(list.body).toMatchObject({
      success: true,
      data: { customers: [{ customerId: 'cust_001', totalDeltas: 1, computedBalance: 500 }] },
    });

    const one = await service.get(`${BALANCE}/customers/cust_001`);
    expect(one.body).toMatchObject({
      success: true,
      data: {
        customerId: 'cust_001',
        customerReference: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/) as string,
        totalDeltas: 1,
        computedBalance: 500,
        recentActivity: { items: [{ delta: 500, reason: 'initial_deposit' }] },
      },
    });
  });

  it('deltas of one customer do not affect another', async () => {
    // Once verified, nothing of it changes by itself any more.
    const before = await until(
      () => service.get(`${BALANCE}/customers/cust_001`),
      ({ body }) => JSON.stringify(body).includes('"status":"verified"'),
    );
    const emitted = await service.post(`${BALANCE}/delta`, {
      customerId: 'partner_acme',
      delta: -0.25,
      reason: 'usage',
    });
    const untouched = await service.get(after(emitted, `${BALANCE}/customers/cust_001`));
    const { position: _then, ...then } = before.body.data as { position: string };
    const { position: _now, ...now } = untouched.body.data as { position: string };
    expect(now).toEqual(then);
  });

  it('the reference is the same after a restart, and what was acknowledged is there', async () => {
    const before = await service.get(`${BALANCE}/customers/cust_001`);
    const emitted = await service.post(`${BALANCE}/delta`, {
      customerId: 'cust_001',
      delta: '24000.000000001',
      reason: 'top_up',
    });
    await service.stop('SIGKILL');
    service = await startService(dataDir);
    const reread = await service.get(after(emitted, `${BALANCE}/customers/cust_001`));
    expect(reread.body).toMatchObject({
      data: {
        customerReference: (before.body.data as { customerReference: string }).customerReference,
        totalDeltas: 2,
        computedBalanceDecimal: '24500.000000001',
      },
    });
  });

  it('a delta comes back with every member that it was sent with', async () => {
    const customerId = 'cust_whole';
    const first = await service.post(`${BALANCE}/delta`, { customerId, delta: 9, reason: 'usage' });
    const { recordId } = first.body.data as { readonly recordId: string };
    const sent = {
      delta: -1,
      reason: 'correction',
      referenceId: 'invoice_7',
      metadata: { plan: 'pro', seats: 3 },
      occurredAt: '2026-02-01T10:00:00.000Z',
      adjusts: { recordId },
    };
    const emitted = await service.post(`${BALANCE}/delta`, { customerId, ...sent });
    const { recordId: id } = emitted.body.data as { readonly recordId: string };
    const { body } = await service.get(`${BALANCE}/delta/${id}`);
    expect(body.data).toMatchObject({ customerId, ...sent });
  });
});
