// The messages of a campaign: many customers, some messages twice, some poison, and what must come
// of them, added up without the product.
import type { Message } from '@deltabook/adapters/kafka';

export interface CampaignSize {
  readonly messages: number;
  readonly customers: number;
}

/** What one customer must have at the end. */
export interface Expected {
  units: number;
  /** Numbers of the messages, in order. */
  readonly numbers: number[];
}

const REPEAT_EVERY = 20;
const REPEAT_OF_BEFORE = 10;
const POISON_EVERY = 100;
const POISON_AT = 50;
/** Prime, so that consecutive messages are of customers far apart. */
const STRIDE = 7_919;

const isPoison = (at: number): boolean => at % POISON_EVERY === POISON_AT;
const isRepeat = (at: number): boolean => at % REPEAT_EVERY === REPEAT_EVERY - 1;
const customerOf = (at: number, { customers }: CampaignSize): string =>
  `cust_${(at * STRIDE) % customers}`;
const unitsOf = (at: number): number => (at % 1_000) - 300 || 1;

/** Message number `at`: 5 % repeat an earlier one with its key, 1 % are no JSON. */
export function campaignMessage(at: number, size: CampaignSize): Message {
  if (isPoison(at)) return { key: customerOf(at, size), value: `{"poison":${at}` };
  const number = isRepeat(at) ? at - REPEAT_OF_BEFORE : at;
  const customerId = customerOf(number, size);
  const value = {
    customerId,
    delta: unitsOf(number),
    reason: 'usage of the api',
    referenceId: String(number),
    idempotencyKey: `k${number}`,
  };
  return { key: customerId, value: JSON.stringify(value) };
}

/** Number of poison messages. */
export function poisonCount({ messages }: CampaignSize): number {
  return Math.floor((messages + POISON_EVERY - POISON_AT - 1) / POISON_EVERY);
}

/** By customerId. */
export function expectedOf(size: CampaignSize): ReadonlyMap<string, Expected> {
  const expected = new Map<string, Expected>();
  for (let at = 0; at < size.messages; at += 1) {
    if (isPoison(at) || isRepeat(at)) continue;
    const customerId = customerOf(at, size);
    const customer = expected.get(customerId) ?? { units: 0, numbers: [] };
    customer.units += unitsOf(at);
    customer.numbers.push(at);
    expected.set(customerId, customer);
  }
  return expected;
}
