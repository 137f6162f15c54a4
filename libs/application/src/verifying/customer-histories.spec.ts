// Whoever waits for a round is one and the same history, however many others come between: two of
// one customer would be sealed past each other.
import type { VerifiedCustomer } from '../ports/verification-store.port';
import { CustomerHistories } from './customer-histories';

const hexOf = (n: number): string => n.toString(16).padStart(40, '0');

function aStore() {
  const customers = new Map<string, VerifiedCustomer>();
  const parts = {
    store: {
      customer: (referenceHex: string) => customers.get(referenceHex),
      lastCustomerNo: () => customers.size,
      customerTile: () => new Uint8Array(0),
    },
    sha256: () => new Uint8Array(32),
    sha256Hex: () => '',
  };
  return { customers, histories: new CustomerHistories(parts, 4) };
}

it('one that waits is found again after it was committed and many others were looked at', () => {
  const { customers, histories } = aStore();
  const waiting = histories.get(hexOf(0));
  const commit = (): void => {
    const changed = histories.takeChanged();
    for (const one of changed) customers.set(one.referenceHex, one.toStore());
    histories.committed(changed);
  };
  commit();
  for (let n = 1; n <= 20; n += 1) {
    histories.get(hexOf(n));
    histories.keepWaiting((one) => one === waiting);
    commit();
  }
  expect(histories.waitingOnes()).toEqual([waiting]);
  expect(histories.get(hexOf(0))).toBe(waiting);
  histories.keepWaiting(() => false);
  commit();
  for (let n = 1; n <= 20; n += 1) histories.get(hexOf(n));
  histories.keepWaiting(() => false);
  commit();
  const again = histories.get(hexOf(0));
  expect(again).not.toBe(waiting);
  expect(again.known.no).toBe(waiting.known.no);
});

it('one that is not committed yet is found again: the store has it as it was', () => {
  const { customers, histories } = aStore();
  const uncommitted = histories.get(hexOf(0));
  for (let n = 1; n <= 20; n += 1) {
    histories.get(hexOf(n));
    histories.keepWaiting(() => false);
    const changed = histories.takeChanged().filter((one) => one !== uncommitted);
    for (const one of changed) customers.set(one.referenceHex, one.toStore());
    histories.committed(changed);
  }
  expect(histories.get(hexOf(0))).toBe(uncommitted);
});
