// The verifier's own path against the writer's: what the domain stores recomputes to the same
// hashes, and no other text does.
import * as fc from 'fast-check';
import { ABSENT, decideEmitDelta, type Customer, type EmitDelta } from '@deltabook/domain';
import {
  canonicalJson,
  CHAIN_START,
  hashedLeaf,
  hexOf,
  recomputeDelta,
  type ChainPoint,
  type DeltaProblem,
  type Json,
  type Leaf,
  type RecomputedDelta,
} from '@deltabook/integrity';
import { sha256Hex, smallWorld } from '../support/sealed-log';

const { alice, bob } = smallWorld();

const recompute = (
  data: string,
  previous: ChainPoint,
  reference = alice.reference,
): RecomputedDelta => recomputeDelta(data, { reference, previous }, sha256Hex);

function pointAfter(count: number): ChainPoint {
  return alice.stored.slice(0, count).reduce((point, data) => {
    const delta = recompute(data, point);
    if (!delta.ok) throw new Error(delta.problems.join());
    return delta.point;
  }, CHAIN_START);
}

const THIRD_POINT = pointAfter(3);

function problemsOf(data: string, previous = THIRD_POINT): readonly DeltaProblem[] {
  const delta = recompute(data, previous);
  return delta.ok ? [] : delta.problems;
}

const FOURTH = alice.stored[3] ?? '';

it('agrees with the writer on every delta of a history', () => {
  let point = CHAIN_START;
  for (const [at, data] of alice.stored.entries()) {
    const delta = recompute(data, point);
    if (!delta.ok) throw new Error(delta.problems.join());
    const event = alice.events[at];
    expect(delta.leaf).toEqual(event?.leaf);
    expect(`0x${hexOf(delta.leafHash)}`).toBe(event?.receiptId);
    point = delta.point;
  }
  expect(point).toMatchObject({ sequence: 7, balanceNano: 6_000_000_000n });
});

it('agrees with the writer whatever a delta holds', () => {
  const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed());
  const command = fc.record(
    {
      nano: fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).filter((nano) => nano !== 0n),
      reason: text,
      referenceId: text,
      metadata: fc.dictionary(text, fc.jsonValue()),
      adjusts: fc.record({ referenceId: text }),
      occurredAt: fc.constantFrom('2025-02-28T00:00:00.000Z', '2024-02-29T23:59:59.999Z'),
      idempotency: fc.constant({ key: 'a'.repeat(64), body: 'b'.repeat(64) }),
      now: fc.integer({ min: 0, max: 4e12 }),
    },
    { requiredKeys: ['nano', 'reason', 'now'] },
  );
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 5 }), (commands) => {
      let customer: Customer = ABSENT;
      let point = CHAIN_START;
      for (const given of commands) {
        const emit = { ...given, customerId: 'alice', salt: '0'.repeat(32) } as EmitDelta;
        const { customerId, reference } = alice;
        const identity = { tenant: 't', environment: 'sandbox', customerId, reference } as const;
        const context = { identity, earlier: undefined, sha256Hex };
        const decision = decideEmitDelta(emit, customer, context);
        if (decision.kind !== 'emitted') throw new Error(decision.kind);
        const delta = recompute(decision.events.at(-1)?.data ?? '', point);
        if (!delta.ok) throw new Error(delta.problems.join());
        expect(delta.point.receiptId).toBe(decision.delta.receiptId);
        expect(delta.point.balanceNano).toBe(decision.delta.balanceNano);
        ({ point } = delta);
        ({ customer } = decision);
      }
    }),
  );
});

it('accepts no text with one character changed', () => {
  for (let at = 0; at < FOURTH.length; at += 1) {
    const digit = FOURTH[at] === '0' ? '1' : '0';
    const changed = FOURTH.slice(0, at) + digit + FOURTH.slice(at + 1);
    expect([at, problemsOf(changed)]).not.toEqual([at, []]);
  }
});

it.each<[DeltaProblem, string]>([
  ['UNREADABLE', ''],
  ['UNREADABLE', 'null'],
  ['UNREADABLE', FOURTH.replace('"v":1', '"v":2')],
  ['UNREADABLE', ` ${FOURTH}`],
  ['UNREADABLE', FOURTH.replace('{"v":1,', '{"v":1,"leaf":{"delta":"1"},')],
  ['UNREADABLE', FOURTH.replace('{"v":1,', '{"v":1,"idempotency":{},')],
  ['MALFORMED_LEAF', FOURTH.replace('"leaf":{', '"leaf":{"more":1,')],
  ['MALFORMED_LEAF', FOURTH.replace('"delta":"-475"', '"delta":"-475.0"')],
  ['MALFORMED_LEAF', FOURTH.replace('2026-01-31T', '2026-02-31T')],
  ['CONTENT_MISMATCH', FOURTH.replace('reason 4', 'reason 5')],
  ['CONTENT_MISMATCH', FOURTH.replace(/"private":\{[^}]*\}/, '"private":null')],
  ['RECEIPT_ID_MISMATCH', FOURTH.replace(/"receiptId":"0x./, '"receiptId":"0x_')],
  ['BALANCE_MISMATCH', FOURTH.replace('"balance":"0"', '"balance":"1"')],
  ['BALANCE_MISMATCH', FOURTH.replace('"delta":"-475"', '"delta":"-474"')],
  ['TIME_STEPS_BACK', FOURTH.replace('"recordedAt":"2026', '"recordedAt":"2025')],
])('says %s of %s', (problem, data) => {
  expect(problemsOf(data)).toContain(problem);
});

/** The fourth delta with other values, and all hashes as they would be made of these. */
function forged(change: Partial<Leaf>, content?: string): string {
  const { leaf, private: own } = JSON.parse(FOURTH) as { leaf: Leaf; private: Json };
  const text = content ?? canonicalJson(own);
  const changed = { ...leaf, contentHash: `0x${sha256Hex(text)}`, ...change };
  const { text: leafJson, hash } = hashedLeaf(changed, sha256Hex);
  return `{"v":1,"leaf":${leafJson},"private":${text},"receiptId":"${hash}"}`;
}

it('accepts a delta that was put together anew, with whatever it holds', () => {
  expect(problemsOf(forged({}))).toEqual([]);
  expect(problemsOf(forged({}, '{"reason":"é\u2028 \u{1f600}","salt":"0"}'))).toEqual([]);
  expect(problemsOf(forged({}, '{"reason":"\\"\\n","referenceId":"r","salt":"0"}'))).toEqual([]);
});

it.each<Partial<Leaf>>([
  { balance: '-0' },
  { balance: '0.0' },
  { delta: '-475.0' },
  { delta: '-0475' },
  { delta: '-475000000000e-9' },
  { recordedAt: '2026-02-31T00:00:00.000Z' },
  { recordedAt: '2026-03-01T00:00:00.00Z0' },
  { occurredAt: '2026-02-31T00:00:00.000Z' },
  { occurredAt: '2026' },
  { sequence: '04' },
  { sequence: '4.0' },
  { reference: alice.reference.toLowerCase() },
  { previousProofHash: CHAIN_START.receiptId },
])('accepts none with %p whose hashes fit', (change) => {
  expect(problemsOf(forged(change))).not.toEqual([]);
});

it.each([
  '{"salt":"0","reason":"out of order"}',
  '{"reason":"\\u0041","salt":"0"}',
  '{"reason":"\\/","salt":"0"}',
  '{"reason":"a\tb","salt":"0"}',
  '{"reason":"\ud800","salt":"0"}',
  '{"reason":"a", "salt":"0"}',
  '{"reason":"a","reason":"b","salt":"0"}',
  '{"reason":"a","salt":"0"}\n',
  'null',
])('accepts none with the private part %s, whose hash fits', (content) => {
  expect(problemsOf(forged({}, content))).not.toEqual([]);
});

it('says when a delta is dropped, repeated or of another customer', () => {
  expect(problemsOf(FOURTH, pointAfter(2))).toEqual([
    'SEQUENCE_MISMATCH',
    'LINK_MISMATCH',
    'BALANCE_MISMATCH',
  ]);
  expect(problemsOf(FOURTH, pointAfter(4))).toContain('SEQUENCE_MISMATCH');
  expect(problemsOf(bob.stored[0] ?? '', CHAIN_START)).toEqual(['OTHER_CUSTOMER']);
});
