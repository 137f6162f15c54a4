// However many customers there are, the service keeps the state of a bounded number in memory and
// reads that of the others when they come back.
import { metricOf } from '../support/service-metric';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';

const CACHED_MAX = 5;
const CUSTOMERS = 40;
let service: ServiceProcess;

beforeAll(async () => {
  service = await startService(aDataDir(), { CUSTOMERS_CACHED_MAX: String(CACHED_MAX) });
});
afterAll(() => service.stop('SIGTERM'));

it('customers that come back again and again', async () => {
  const deltas = Array.from({ length: CUSTOMERS }, (_, i) => ({
    customerId: `cust_${i}`,
    delta: i + 1,
    reason: 'back',
  }));
  for (const batch of [deltas, deltas.toReversed(), deltas]) {
    // One after the other, so that a mailbox is idle when the next one needs room.
    for (const delta of batch) await service.post('/api/v1/balance/delta', delta);
    expect(await metricOf(service, 'deltabook_customers_cached')).toBe(CACHED_MAX);
  }
  for (const { customerId, delta } of deltas) {
    const { body } = await service.get(`/api/v1/balance/customers/${customerId}`);
    expect(body.data).toMatchObject({ totalDeltas: 3, computedBalance: 3 * delta });
  }
});
