// Every stored version of every event, as it was first written: each later build must read it, and
// write the same bytes for the newest version. These files are only ever added to.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import {
  batchAcceptedText,
  customerEventText,
  parseBatchAccepted,
  parseCustomerEvent,
  UnreadableEventError,
} from '@deltabook/domain';
import { canonicalJson, hashedLeaf, type Json } from '@deltabook/integrity';

interface StoredEvent {
  readonly type: string;
  readonly data: string;
}

const file = join(process.cwd(), 'test/golden/events/v1.json');
const stored = JSON.parse(readFileSync(file, 'utf8')) as readonly StoredEvent[];
const customerEvents = stored.filter(({ type }) => type !== 'BatchAccepted');
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

it('holds every type', () => {
  expect([...new Set(stored.map(({ type }) => type))]).toEqual([
    'CustomerRecordOpened',
    'DeltaEmitted',
    'CustomerFenced',
    'CustomerReleased',
    'CheckpointCommitted',
    'BatchAccepted',
  ]);
});

it.each(customerEvents)('$type v1 reads and is written the same', ({ type, data }) => {
  expect(customerEventText(parseCustomerEvent(type, data), canonicalJson)).toBe(data);
});

it.each(customerEvents.filter(({ type }) => type === 'DeltaEmitted'))(
  'the receipt of $data.length characters is recomputed',
  ({ type, data }) => {
    const event = parseCustomerEvent(type, data);
    if (event.type !== 'DeltaEmitted') throw new Error('no delta');
    const content = canonicalJson(event.private as unknown as Json);
    expect(event.leaf.contentHash).toBe(`0x${sha256Hex(content)}`);
    expect(event.receiptId).toBe(hashedLeaf(event.leaf, sha256Hex).hash);
  },
);

it('BatchAccepted v1 reads and is written the same', () => {
  const { type, data } = stored.at(-1) ?? { type: '', data: '' };
  expect(batchAcceptedText(parseBatchAccepted(type, data))).toBe(data);
});

it.each([
  ['DeltaEmitted', '{"v":2}'],
  ['DeltaEmitted', '{}'],
  ['SomethingNewer', '{"v":1}'],
])('%s %s stops whoever reads it', (type, data) => {
  expect(() => parseCustomerEvent(type, data)).toThrow(UnreadableEventError);
});
