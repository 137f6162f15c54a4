// What a history hands to the store: where each of its deltas lies, once, whatever was read again.
import { ABSENT, decideEmitDelta, type Customer } from '@deltabook/domain';
import { hexOf } from '@deltabook/integrity';
import { createHash } from 'node:crypto';
import type { RecordedEvent } from '../ports/event-store.port';
import { CustomerHistory, unseenCustomer } from './customer-history';

const reference = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
const referenceHex = reference.slice('0x'.length).toLowerCase();
const identity = { tenant: 'default', environment: 'sandbox', customerId: 'c', reference } as const;
const salt = '0123456789abcdef0123456789abcdef';
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const parts = {
  store: { customerTile: () => new Uint8Array(0) },
  sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()),
  sha256Hex,
};

/** The opening of the record and two deltas, with the places that the receipt index has of them. */
function aStream() {
  const events: RecordedEvent[] = [];
  const places: unknown[] = [];
  let customer: Customer = ABSENT;
  for (const now of [1, 2]) {
    const command = { customerId: 'c', nano: 1n, reason: 'usage', now, salt };
    const decision = decideEmitDelta(command, customer, {
      identity,
      earlier: undefined,
      sha256Hex,
    });
    if (decision.kind !== 'emitted') throw new Error(decision.kind);
    customer = decision.customer;
    const { revision, receiptId } = decision.delta;
    places.push({ customerNo: 7, revision, receiptId });
    for (const text of decision.events) {
      const at = events.length;
      const stream = `customer-${referenceHex}`;
      events.push({ ...text, metadata: '{}', stream, revision: at, position: BigInt(at) });
    }
  }
  return { events, places };
}

const placesOf = (history: CustomerHistory): unknown =>
  history
    .takeNew()
    .receipts.map(({ leafHash, ...place }) => ({ ...place, receiptId: `0x${hexOf(leafHash)}` }));

it('hands over where its new deltas lie, and none a second time', () => {
  const { events, places } = aStream();
  const history = new CustomerHistory(unseenCustomer(7, referenceHex), parts);
  const [opened, first, second] = events as [RecordedEvent, RecordedEvent, RecordedEvent];
  for (const event of [opened, first]) history.take(event);
  expect(placesOf(history)).toEqual(places.slice(0, 1));
  history.take(second);
  expect(placesOf(history)).toEqual(places.slice(1));
  expect(placesOf(history)).toEqual([]);
});

it('that begins anew hands over what is read again, and not what it had before', () => {
  const { events, places } = aStream();
  const history = new CustomerHistory(unseenCustomer(7, referenceHex), parts);
  for (const event of events) history.take(event);
  history.restart();
  for (const event of events) history.take(event);
  expect(placesOf(history)).toEqual(places);
});
