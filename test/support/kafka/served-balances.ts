// The balances that a running service serves, once all that was written before is projected.
import { until } from '../until';
import type { ServiceProcess } from '../service-process';

const PAGE = 100;
/** Written over HTTP after everything else, to know when all before it is projected. */
export const LAST = 'last';

/** By customerId; that of LAST, which this adds a delta to, is not among them. */
export async function servedBalances(
  service: ServiceProcess,
): Promise<ReadonlyMap<string, number>> {
  const served = new Map<string, number>();
  const last = { customerId: LAST, delta: 1, reason: 'last of all' };
  const { body: reply } = await service.post('/api/v1/balance/delta', last);
  const { position } = reply.data as { position: string };
  const list = (query: string): ReturnType<ServiceProcess['get']> =>
    service.get(`/api/v1/balance/customers?${query}&minPosition=${position}`);
  await until(
    () => list('limit=1'),
    ({ status }) => status === 200,
  );
  for (let page = 1; ; page += 1) {
    const { body } = await list(`limit=${PAGE}&page=${page}&sortBy=customerId`);
    const { customers } = body.data as {
      customers: readonly { customerId: string; computedBalance: number }[];
    };
    for (const { customerId, computedBalance } of customers) {
      served.set(customerId, computedBalance);
    }
    if (customers.length < PAGE) break;
  }
  served.delete(LAST);
  return served;
}
