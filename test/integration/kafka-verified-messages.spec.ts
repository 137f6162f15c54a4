// What the events topic says of verified history, from stored events and in the form of the
// reference: a message for each sealed head, one for each checkpoint.
import { compileValidator } from '@deltabook/adapters/http';
import { sha256Hex } from '@deltabook/adapters/node-crypto';
import type { RecordedEvent } from '@deltabook/application';
import type { JsonSchema } from '@deltabook/contracts';
import {
  checkpointCommittedText,
  customerEventText,
  customerStream,
  sealEventText,
  type CustomerRecordOpened,
  type VerifiedTreeHead,
} from '@deltabook/domain';
import { canonicalJson } from '@deltabook/integrity';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CustomerIdentities } from '../../libs/adapters/kafka/src/publisher/customer-identities';
import {
  customerStreamsOf,
  eventMessages,
  readEvents,
} from '../../libs/adapters/kafka/src/publisher/event-messages';

const TIME = '2026-02-01T00:00:00.000Z';
const referenceOf = (digit: string): string => `0x${digit.repeat(40)}`;
const rootOf = (digit: string): string => `0x${digit.repeat(64)}`;

function violationOf(name: string, value: unknown): unknown {
  const file = join(process.cwd(), `docs/reference/kafka/${name}.schema.json`);
  const { $schema: _dialect, ...schema } = JSON.parse(readFileSync(file, 'utf8')) as JsonSchema;
  return compileValidator(schema)(value);
}

function recorded(at: Pick<RecordedEvent, 'stream' | 'revision' | 'type' | 'data'>): RecordedEvent {
  return { ...at, position: 7n, metadata: '{}' };
}

function opened(digit: string): RecordedEvent {
  const reference = referenceOf(digit);
  const event: CustomerRecordOpened = {
    type: 'CustomerRecordOpened',
    v: 1,
    tenant: 'default',
    environment: 'sandbox',
    customerId: `cust_${digit}`,
    reference,
    openedAt: TIME,
  };
  const data = customerEventText(event, canonicalJson);
  return recorded({
    stream: customerStream(reference),
    revision: 0,
    type: 'CustomerRecordOpened',
    data,
  });
}

function sealedHeads(...heads: readonly VerifiedTreeHead[]): RecordedEvent {
  const seals = { v: 1, firstIndex: 10, sealedAt: TIME, heads } as const;
  const data = sealEventText({ type: 'DeltasVerified', ...seals });
  return recorded({ stream: 'seals-default-sandbox', revision: 4, type: 'DeltasVerified', data });
}

const sealed = sealedHeads([referenceOf('1'), 3, rootOf('a')], [referenceOf('2'), 9, rootOf('b')]);

interface Sent {
  readonly key: string;
  readonly value: { readonly id: string; readonly event: string; readonly data: object };
}

/** Messages of the events, of which no customer is known beforehand. */
async function sent(
  events: readonly RecordedEvent[],
  known = ['1', '2'].map(opened),
): Promise<Sent[]> {
  const identities = new CustomerIdentities((streams) => {
    return Promise.resolve(streams.map((name) => known.find(({ stream }) => stream === name)));
  }, 100);
  const read = readEvents(events);
  await identities.load(customerStreamsOf(read));
  return eventMessages(read, identities, sha256Hex).map(({ key, value }) => ({
    key: String(key),
    value: JSON.parse(String(value)) as Sent['value'],
  }));
}

it('each sealed head is a delta.verified of its customer, with an id of its own', async () => {
  const messages = await sent([sealed]);
  expect(messages.map(({ key, value }) => [key, value.event, value.data])).toEqual([
    [
      referenceOf('1'),
      'delta.verified',
      expect.objectContaining({ customerId: 'cust_1', verifiedThrough: 3, sealIndex: 10 }),
    ],
    [
      referenceOf('2'),
      'delta.verified',
      expect.objectContaining({ customerId: 'cust_2', verifiedThrough: 9, sealIndex: 11 }),
    ],
  ]);
  expect(new Set(messages.map(({ value }) => value.id)).size).toBe(2);
  expect(await sent([sealed])).toEqual(messages);
  for (const { value } of messages) {
    expect(violationOf('delta-verified', value)).toBeUndefined();
    expect(violationOf('delta-verified', { ...value, id: 'x' })).toBeDefined();
  }
});

it.each([
  ['gone', (): RecordedEvent[] => []],
  ['cut off', (first: RecordedEvent) => [{ ...first, data: first.data.slice(0, -2) }]],
])('nothing is told of a customer whose first event is %s', async (_what, damage) => {
  const known = [...damage(opened('1')), opened('2')];
  const messages = await sent([sealed, sealed], known);
  expect(messages.map(({ value }) => value.data)).toEqual([
    expect.objectContaining({ customerId: 'cust_2', sealIndex: 11 }),
    expect.objectContaining({ customerId: 'cust_2', sealIndex: 11 }),
  ]);
});

it('all customers of an event are known, however few are remembered', async () => {
  const digits = ['1', '2', '3', '4', '5'];
  const known = digits.map(opened);
  const identities = new CustomerIdentities(
    (streams) => Promise.resolve(streams.map((name) => known.find((one) => one.stream === name))),
    2,
  );
  const event = sealedHeads(
    ...digits.map((digit) => [referenceOf(digit), 1, rootOf('a')] as const),
  );
  for (let time = 1; time <= 3; time += 1) {
    const read = readEvents([event]);
    await identities.load(customerStreamsOf(read));
    expect(eventMessages(read, identities, sha256Hex)).toHaveLength(digits.length);
  }
});

it('a checkpoint is a checkpoint.verified that names the one it supersedes', async () => {
  const data = checkpointCommittedText({
    type: 'CheckpointCommitted',
    v: 1,
    period: '2026-01',
    sequence: 3,
    deltaCount: 2,
    openingBalance: '1.5',
    balance: '-0.000000001',
    proofRoot: rootOf('c'),
    supersedes: 4,
    committedAt: TIME,
  });
  const stream = customerStream(referenceOf('1'));
  const checkpoint = recorded({ stream, revision: 5, type: 'CheckpointCommitted', data });
  const [message] = await sent([checkpoint]);
  expect(message).toMatchObject({
    key: referenceOf('1'),
    value: {
      event: 'checkpoint.verified',
      data: {
        period: '2026-01',
        computedBalanceDecimal: '-0.000000001',
        proofRoot: rootOf('c'),
        supersedes: expect.stringMatching(/^chk_/) as unknown,
      },
    },
  });
  expect(violationOf('checkpoint-verified', message?.value)).toBeUndefined();
});

it('a signed head says nothing new', async () => {
  const data = sealEventText({ type: 'LogHeadSigned', v: 1, size: 12, note: 'a note' });
  expect(await sent([{ ...sealed, type: 'LogHeadSigned', data }])).toEqual([]);
});
