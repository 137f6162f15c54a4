// What the dashboard has to show in tests: a few customers with a history, and many with a little.
import type { ServiceProcess } from './service-process';

const PATH = '/api/v1/balance/delta/batch';
const BATCH = 1_000;
const REASONS = ['usage', 'top_up', 'refund', 'monthly_fee'];

export interface Item {
  readonly customerId: string;
  readonly delta: string;
  readonly reason: string;
  readonly referenceId?: string;
  readonly occurredAt?: string;
}

/** Emits all of them; resolves once they can be read. */
export async function emitAll(service: ServiceProcess, items: readonly Item[]): Promise<void> {
  let position = '0';
  for (let start = 0; start < items.length; start += BATCH) {
    const { status, body } = await service.post(PATH, {
      deltas: items.slice(start, start + BATCH),
    });
    if (status >= 300) throw new Error(JSON.stringify(body));
    ({ position } = body.data);
  }
  await service.get(`/api/v1/balance/customers/summary?minPosition=${position}`);
}

/** `cust_001` as the page of customer records shows it: 342 deltas, 4,500.00. */
export function historyOfCust001(): Item[] {
  let sumOfCents = 50_000;
  const items: Item[] = [
    {
      customerId: 'cust_001',
      delta: decimalOf(sumOfCents),
      reason: 'initial_deposit',
      occurredAt: dayOf(1),
    },
  ];
  for (let n = 2; n <= 341; n += 1) {
    const isAdded = n % 3 !== 0;
    const size = 1_000 + ((n * 7_919) % 4_000);
    const cents = isAdded ? size : -size;
    sumOfCents += cents;
    items.push({
      customerId: 'cust_001',
      delta: decimalOf(cents),
      reason: REASONS[n % REASONS.length] ?? 'usage',
      referenceId: `fact-${String(n).padStart(4, '0')}`,
      occurredAt: dayOf(n),
    });
  }
  items.push({
    customerId: 'cust_001',
    delta: decimalOf(450_000 - sumOfCents),
    reason: 'adjustment',
    occurredAt: dayOf(342),
  });
  return items;
}

/** A customer with `count` deltas of one cent each. */
export function longHistory(customerId: string, count: number): Item[] {
  return Array.from({ length: count }, () => ({ customerId, delta: '0.01', reason: 'usage' }));
}

/** Decimal text of whole cents. */
function decimalOf(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** One of the days of 2025. */
function dayOf(n: number): string {
  return new Date(Date.UTC(2025, 0, n)).toISOString().slice(0, 10);
}

/** The others of that page, and `count` more. */
export function otherCustomers(count: number): Item[] {
  const items: Item[] = [
    { customerId: 'cust_002', delta: '12800', reason: 'initial_deposit' },
    { customerId: 'partner_acme', delta: '95320', reason: 'opening_balance' },
    { customerId: 'partner_umbra', delta: '-1204.75', reason: 'usage' },
  ];
  for (let n = 1; n <= count; n += 1) {
    const delta = decimalOf(((n * 37) % 90_000) + 100);
    items.push({
      customerId: `org_${String(n).padStart(5, '0')}`,
      delta,
      reason: 'opening_balance',
    });
  }
  return items;
}
