// Reading a delta's text and parsing it give the same, whatever is in its private part.
import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { ABSENT } from './customer';
import { decideEmitDelta, type EmitDelta } from './decide';
import { deltaTextOf, readDeltaEvent, readDeltaText } from './delta-text';
import { parseCustomerEvent } from './events';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const identity = {
  tenant: 'default',
  environment: 'sandbox',
  customerId: 'cust_001',
  reference: '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
} as const;

function storedText(change: Partial<EmitDelta>): string {
  const command = {
    customerId: 'cust_001',
    nano: 1n,
    reason: 'test',
    now: 1_767_225_600_000,
    salt: '0123456789abcdef0123456789abcdef',
  };
  const context = { identity, earlier: undefined, sha256Hex };
  const decision = decideEmitDelta({ ...command, ...change }, ABSENT, context);
  if (decision.kind !== 'emitted') throw new Error('not emitted');
  return decision.events.at(-1)?.data ?? '';
}

const parsed = (data: string) => {
  const event = parseCustomerEvent('DeltaEmitted', data);
  if (event.type !== 'DeltaEmitted') throw new Error('no delta');
  return deltaTextOf(event);
};

/** Free texts that look like the end or the middle of an event. */
const decoys = ['"}', ',"receiptId":"0x', '},"private":', '"v":1},"private":{}', '\\"'];
const freeText = fc
  .array(fc.oneof(fc.constantFrom(...decoys), fc.string({ maxLength: 8 })), { maxLength: 4 })
  .map((parts) => parts.join(''));
const change = fc.record(
  {
    nano: fc.bigInt(-(10n ** 18n), 10n ** 18n).filter((nano) => nano !== 0n),
    reason: freeText,
    referenceId: freeText,
    metadata: fc.dictionary(fc.constantFrom('receiptId', 'leaf', 'v', 'é'), freeText),
    occurredAt: fc.constantFrom('2025-12-31T00:00:00.000Z', '1969-07-20T20:17:40.000Z'),
    idempotency: fc.constant({ key: sha256Hex('key'), body: sha256Hex('body') }),
  },
  { requiredKeys: ['nano', 'reason'] },
);

it('a text read is the text parsed', () => {
  fc.assert(
    fc.property(change, (given) => {
      const data = storedText(given);
      expect(readDeltaText(data)).toEqual(parsed(data));
      expect(readDeltaEvent(data)).toEqual(parseCustomerEvent('DeltaEmitted', data));
    }),
    { numRuns: 500 },
  );
});

it('a text in another form is left to the parser', () => {
  const data = storedText({});
  const others = [
    JSON.stringify(JSON.parse(data), null, 1),
    data.replace('{"v":1,', '{"v":2,'),
    data.slice(0, -1),
    `${data} `,
    data.replace(/,"receiptId":"[^"]*"\}$/, '}'),
    '{"v":1}',
    '',
  ];
  for (const other of others) {
    expect(readDeltaText(other)).toBeUndefined();
    expect(readDeltaEvent(other)).toBeUndefined();
  }
  // It says nothing of the private part, in which more than one value may stand.
  const more = data.replace('"private":', '"private":{},"more":');
  expect(readDeltaEvent(more)).toBeUndefined();
});
