import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import {
  canonicalJson,
  FIRST_PREVIOUS_PROOF_HASH,
  leafText,
  type Json,
} from '@deltabook/integrity';
import { recordId, recordIdPrefix } from '../identity/record-id';
import { NANO_PER_UNIT } from '../money/amount';
import { ABSENT, evolve, type Customer } from './customer';
import { decideEmitDelta, type Decision, type EmitDelta, type EmittedDelta } from './decide';
import { parseCustomerEvent, type DeltaEmitted } from './events';
import { bodyText, keyText } from './idempotency';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const identity = {
  tenant: 'default',
  environment: 'sandbox',
  customerId: 'cust_001',
  reference: '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
} as const;
const NOON = Date.parse('2026-01-01T12:00:00.000Z');

const aDelta = (change: Partial<EmitDelta> = {}): EmitDelta => ({
  customerId: 'cust_001',
  nano: 500n * NANO_PER_UNIT,
  reason: 'initial_deposit',
  now: NOON,
  salt: '0123456789abcdef0123456789abcdef',
  ...change,
});

const when = (command: EmitDelta, customer: Customer, earlier?: EmittedDelta): Decision =>
  decideEmitDelta(command, customer, { identity, earlier, sha256Hex });

/** Given: the commands were emitted one after the other. */
function given(...commands: readonly EmitDelta[]): Customer {
  return commands.reduce((customer, command) => {
    const decision = when(command, customer);
    if (decision.kind !== 'emitted') throw new Error('not emitted');
    return decision.customer;
  }, ABSENT);
}

function emitted(decision: Decision): Extract<Decision, { kind: 'emitted' }> {
  if (decision.kind !== 'emitted') throw new Error(`expected emitted, got ${decision.kind}`);
  return decision;
}

function deltaEventOf(decision: Decision): DeltaEmitted {
  const { type, data } = emitted(decision).events.at(-1) ?? { type: '', data: '{}' };
  const event = parseCustomerEvent(type, data);
  if (event.type !== 'DeltaEmitted') throw new Error('no delta');
  return event;
}

describe('the first delta of a customer', () => {
  const decision = when(aDelta(), ABSENT);

  it('opens the record and emits', () => {
    expect(emitted(decision).events.map(({ type }) => type)).toEqual([
      'CustomerRecordOpened',
      'DeltaEmitted',
    ]);
    const [opened] = emitted(decision).events;
    expect(parseCustomerEvent(opened?.type ?? '', opened?.data ?? '')).toEqual({
      type: 'CustomerRecordOpened',
      v: 1,
      ...identity,
      openedAt: '2026-01-01T12:00:00.000Z',
    });
  });

  it('has sequence 1, its own amount as balance and no proof before it', () => {
    expect(deltaEventOf(decision).leaf).toEqual({
      v: 1,
      reference: identity.reference,
      sequence: '1',
      delta: '500',
      balance: '500',
      recordedAt: '2026-01-01T12:00:00.000Z',
      occurredAt: '',
      contentHash: `0x${sha256Hex(
        '{"reason":"initial_deposit","salt":"0123456789abcdef0123456789abcdef"}',
      )}`,
      previousProofHash: FIRST_PREVIOUS_PROOF_HASH,
    });
  });
});

describe('any delta', () => {
  it('is linked to the one before and adds to the balance', () => {
    const first = emitted(when(aDelta(), ABSENT));
    const second = deltaEventOf(when(aDelta({ nano: -1n, now: NOON + 5 }), first.customer));
    expect(second.leaf.previousProofHash).toBe(first.delta.receiptId);
    expect(second.leaf.sequence).toBe('2');
    expect(second.leaf.balance).toBe('499.999999999');
    expect(second.leaf.recordedAt).toBe('2026-01-01T12:00:00.005Z');
  });

  it('never steps back in time', () => {
    const earlierClock = aDelta({ now: NOON - 60_000 });
    const event = deltaEventOf(when(earlierClock, given(aDelta())));
    expect(event.leaf.recordedAt).toBe('2026-01-01T12:00:00.000Z');
  });

  it('carries a receiptId that is the RFC 6962 hash of its canonical leaf', () => {
    const { leaf, receiptId } = deltaEventOf(when(aDelta(), given(aDelta())));
    const canonical = canonicalJson(leaf as unknown as Json);
    expect(leafText(leaf)).toBe(canonical);
    const bytes = Buffer.concat([Buffer.of(0), Buffer.from(canonical)]);
    expect(receiptId).toBe(`0x${createHash('sha256').update(bytes).digest('hex')}`);
  });

  it('commits to its private part, whatever that holds', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed());
    const metadata = fc.dictionary(text, fc.jsonValue() as fc.Arbitrary<Json>);
    fc.assert(
      fc.property(text, fc.option(text), fc.option(metadata), (reason, referenceId, given) => {
        const command = aDelta({
          reason,
          referenceId: referenceId ?? undefined,
          metadata: given ?? undefined,
        });
        const event = deltaEventOf(when(command, ABSENT));
        const canonical = canonicalJson(event.private as unknown as Json);
        expect(event.leaf.contentHash).toBe(`0x${sha256Hex(canonical)}`);
        expect(event.private.reason).toBe(reason);
      }),
    );
  });

  it('evolves to the state that the decision gave', () => {
    const decision = emitted(when(aDelta({ nano: -7n }), given(aDelta(), aDelta())));
    const before = given(aDelta(), aDelta());
    const after = evolve(before, deltaEventOf(decision), decision.delta.revision);
    expect(after).toEqual(decision.customer);
  });
});

describe('a repeated key', () => {
  const mark = { key: 'a'.repeat(64), body: 'b'.repeat(64) };
  const first = emitted(when(aDelta({ idempotency: mark }), ABSENT));

  it('with the same body repeats the first delta and appends nothing', () => {
    const again = when(aDelta({ idempotency: mark }), first.customer, first.delta);
    expect(again).toEqual({ kind: 'repeated', delta: first.delta });
  });

  it('with another body is refused', () => {
    const other = aDelta({ idempotency: { ...mark, body: 'c'.repeat(64) } });
    expect(when(other, first.customer, first.delta)).toEqual({
      kind: 'refused',
      code: 'IDEMPOTENCY_CONFLICT',
    });
  });
});

describe('an adjustment', () => {
  const prefix = recordIdPrefix(identity.reference);

  it.each([
    ['the delta before', recordId(prefix, 1), 'emitted'],
    ['a delta that is not there yet', recordId(prefix, 2), 'refused'],
    ['the opening event', recordId(prefix, 0), 'refused'],
    ["another customer's", recordId(recordIdPrefix(`0x${'1'.repeat(40)}`), 1), 'refused'],
    ['no recordId', 'rec_123', 'refused'],
  ])('of %s', (_name, adjusted, kind) => {
    const decision = when(aDelta({ adjusts: { recordId: adjusted } }), given(aDelta()));
    expect(decision.kind).toBe(kind);
  });

  it('by the caller’s own reference is taken as it is', () => {
    const event = deltaEventOf(when(aDelta({ adjusts: { referenceId: 'inv_1' } }), ABSENT));
    expect(event.private.adjusts).toEqual({ referenceId: 'inv_1' });
  });
});

it('a fenced customer takes nothing', () => {
  const customer = given(aDelta());
  if (customer.status !== 'open') throw new Error('not open');
  expect(when(aDelta(), { ...customer, fenced: true })).toEqual({
    kind: 'refused',
    code: 'CUSTOMER_FENCED',
  });
});

describe('idempotency texts', () => {
  it('of a body are the canonical JSON of all it holds', () => {
    const body = {
      customerId: 'cust_001',
      nano: -5n,
      reason: 'a "quoted" reason\n',
      referenceId: 'ref',
      metadata: { b: [1, null], a: { y: 'é', x: false } },
      occurredAt: '2026-01-01T00:00:00.000Z',
      adjusts: { referenceId: 'r', recordId: 'rec' },
    };
    const canonical = canonicalJson({ ...body, nano: undefined, delta: '-5' } as unknown as Json);
    expect(bodyText(body)).toBe(`body\0${canonical}`);
  });

  it('of optional fields are alike when absent', () => {
    const bare = { customerId: 'c', nano: 1n, reason: 'r' };
    expect(bodyText({ ...bare, referenceId: undefined, metadata: undefined })).toBe(bodyText(bare));
  });

  it('of keys never collide between kinds, customers or environments', () => {
    const scope = { environment: 'sandbox', customerId: 'c' } as const;
    const kafka = { cluster: 'k', topic: 't', epoch: '', partition: 0, offset: '1' };
    const texts = [
      keyText({ kind: 'caller', key: 'k' }, scope),
      keyText({ kind: 'caller', key: 'k' }, { ...scope, environment: 'production' }),
      keyText({ kind: 'caller', key: 'k' }, { ...scope, customerId: 'd' }),
      keyText({ kind: 'batch', key: 'k', index: 0 }, scope),
      keyText({ kind: 'batch', key: 'k', index: 1 }, scope),
      keyText({ kind: 'summary', referenceId: 'k' }, scope),
      keyText({ kind: 'kafka', ...kafka }, scope),
      keyText({ kind: 'kafka', ...kafka, epoch: '2' }, scope),
    ];
    expect(new Set(texts).size).toBe(texts.length);
  });
});
