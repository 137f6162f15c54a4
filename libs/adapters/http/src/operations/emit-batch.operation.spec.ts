import type { BatchOutcome, EmitBatchCommand, EmitOutcome } from '@deltabook/application';
import { EmitBatchReply, EmitDeltaReply, schemaOf, type ContractClass } from '@deltabook/contracts';
import Ajv from 'ajv';
import { openDoors } from '../../../../../test/support/http-doors';

const PATH = '/api/v1/balance/delta/batch';
const SUMMARY_ID = `sum_${'0123456789abcdef'.repeat(3)}`;
const item = (change: object = {}): object => ({
  customerId: 'cust_001',
  delta: 5,
  reason: 'usage',
  ...change,
});

const emitted = (sequence: number, kind: 'emitted' | 'repeated' = 'emitted'): EmitOutcome => ({
  kind,
  customer: {
    customerId: 'cust_001',
    reference: '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    recordIdPrefix: 'rec_7nurmck4uhpwbo3zz2jm4pvhjq34lu2z',
  },
  delta: {
    revision: sequence,
    sequence,
    nano: 5_000_000_000n,
    balanceNano: BigInt(sequence) * 5_000_000_000n + 1n,
    receiptId: `0x${'a'.repeat(64)}`,
    contentHash: `0x${'b'.repeat(64)}`,
    previousProofHash: `0x${'0'.repeat(64)}`,
    recordedAt: '2026-01-01T12:00:00.000Z',
    bodyMac: '',
  },
  position: BigInt(100 + sequence),
  status: 'QUEUED',
});

/** Doors over a bus that emits every item that is right. */
function doorsThatEmit() {
  let sequence = 0;
  return openDoors((message): BatchOutcome => {
    const { items } = message as EmitBatchCommand;
    const outcomes = items.map((each) => ('delta' in each ? emitted((sequence += 1)) : undefined));
    return { kind: 'answered', outcomes };
  });
}

const ajv = new Ajv({ allowUnionTypes: true });
ajv.addKeyword('x-freeJson');
const violationsOf = (contract: ContractClass, data: unknown): unknown => {
  ajv.validate(schemaOf(contract), data);
  return ajv.errors;
};

describe('POST delta/batch', () => {
  it('answers each item by its index', async () => {
    const { post } = doorsThatEmit();
    const { status, body } = await post(PATH, { deltas: [item(), item({ delta: 0 }), item()] });
    expect(status).toBe(201);
    expect(body.data).toMatchObject({
      totalQueued: 2,
      totalFailed: 1,
      position: '102',
      results: [
        {
          index: 0,
          customerId: 'cust_001',
          delta: 5,
          status: 'QUEUED',
          recordId: 'rec_7nurmck4uhpwbo3zz2jm4pvhjq34lu2zaaaaaaab',
          computedBalanceDecimal: '5.000000001',
          sequenceNumber: 1,
          position: '101',
        },
        {
          index: 1,
          customerId: 'cust_001',
          delta: 0,
          status: 'FAILED',
          error: 'INVALID_AMOUNT',
          message: 'The amount is not valid: delta must not be 0.',
          field: 'delta',
        },
        { index: 2, status: 'QUEUED', sequenceNumber: 2 },
      ],
    });
    expect(violationsOf(EmitBatchReply, body.data)).toBeNull();
  });

  it.each([
    ['text', { customerId: null, delta: null, error: 'VALIDATION_FAILED' }],
    [null, { customerId: null, delta: null, error: 'VALIDATION_FAILED' }],
    [item({ customerId: 'a b' }), { customerId: null, delta: 5, error: 'INVALID_CUSTOMER_ID' }],
    [item({ reason: '' }), { customerId: 'cust_001', error: 'VALIDATION_FAILED', field: 'reason' }],
    [item({ other: 1 }), { error: 'VALIDATION_FAILED', field: 'other' }],
    [item({ occurredAt: '2026-02-30' }), { error: 'VALIDATION_FAILED', field: 'occurredAt' }],
    [item({ idempotencyKey: '' }), { error: 'VALIDATION_FAILED', field: 'idempotencyKey' }],
  ])('refuses item %j alone', async (wrong, result) => {
    const { post } = doorsThatEmit();
    const { status, body } = await post(PATH, { deltas: [wrong, item()] });
    expect(status).toBe(201);
    expect(body.data).toMatchObject({
      totalQueued: 1,
      totalFailed: 1,
      results: [
        { index: 0, status: 'FAILED', ...result },
        { index: 1, status: 'QUEUED' },
      ],
    });
  });

  it('answers refused and repeated items', async () => {
    const outcomes: EmitOutcome[] = [
      emitted(1, 'repeated'),
      { kind: 'refused', code: 'CUSTOMER_OVERLOADED' },
    ];
    const { post } = openDoors(() => ({ kind: 'answered', outcomes }));
    const { body } = await post(PATH, { deltas: [item(), item({ delta: '2.5' })] });
    expect(body.data['results']).toEqual([
      expect.objectContaining({ index: 0, status: 'QUEUED', idempotent: true }),
      {
        index: 1,
        customerId: 'cust_001',
        delta: 2.5,
        status: 'FAILED',
        error: 'CUSTOMER_OVERLOADED',
        message: 'More deltas of this customer are waiting than the service holds.',
        retryAfterSeconds: 1,
      },
    ]);
    expect(violationsOf(EmitBatchReply, body.data)).toBeNull();
  });

  it('keys items by header, by their own key, or as summaries', async () => {
    const { post, messages } = doorsThatEmit();
    const deltas = [item({ referenceId: SUMMARY_ID }), item({ referenceId: 'sum_1' })];
    await post(PATH, { deltas }, { 'idempotency-key': 'k' });
    await post(PATH, { deltas: [...deltas, item({ idempotencyKey: 'own' })] });
    const keys = messages.map((message) =>
      (message as EmitBatchCommand).items.map((each) => 'keySource' in each && each.keySource),
    );
    expect(keys).toEqual([
      [
        { kind: 'batch', key: 'k', index: 0 },
        { kind: 'batch', key: 'k', index: 1 },
      ],
      [{ kind: 'summary', referenceId: SUMMARY_ID }, undefined, { kind: 'caller', key: 'own' }],
    ]);
  });

  it('claims a header key for the whole body, however it is written', async () => {
    const { post, messages } = doorsThatEmit();
    const headers = { 'idempotency-key': 'k' };
    await post(PATH, '{"deltas":[{"reason":"x","delta":1.0,"customerId":"a"}, 5]}', headers);
    await post(PATH, '{"deltas":[{"customerId":"a","delta":1,"reason":"x"},5]}', headers);
    await post(PATH, { deltas: [item()] });
    const claims = messages.map((message) => (message as EmitBatchCommand).claim);
    const bodyText = '{"deltas":[{"customerId":"a","delta":1,"reason":"x"},5]}';
    expect(claims).toEqual([{ key: 'k', bodyText }, { key: 'k', bodyText }, undefined]);
  });

  it.each([
    ['no item', '{"deltas":[]}', 'deltas'],
    ['an object of items', '{"deltas":{}}', 'deltas'],
    ['no deltas', '{}', 'deltas'],
    ['an array', '[]', 'body'],
    ['null', 'null', 'body'],
    ['no body', '', 'body'],
    ['an unknown field', '{"deltas":[1],"other":1}', 'other'],
    ['1,001 items', `{"deltas":[${'1,'.repeat(1_000)}1]}`, 'deltas'],
  ])('refuses %s whole', async (_name, text, field) => {
    const { post, messages } = doorsThatEmit();
    const { status, body } = await post(PATH, text);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'VALIDATION_FAILED', field });
    expect(messages).toEqual([]);
  });

  it.each([
    ['50,000 levels', `{"deltas":[${'['.repeat(50_000)}${']'.repeat(50_000)}]}`, 'deltas'],
    ['an infinite number', '{"deltas":[{"metadata":{"a":1e999}}]}', 'deltas'],
    [
      'the key of an item',
      JSON.stringify({ deltas: [item({ idempotencyKey: 'own' })] }),
      'deltas/0/idempotencyKey',
    ],
  ])('with a header key refuses %s whole', async (_name, text, field) => {
    const { post, messages } = doorsThatEmit();
    const { status, body } = await post(PATH, text, { 'idempotency-key': 'k' });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'VALIDATION_FAILED', field });
    expect(messages).toEqual([]);
  });

  it('takes 1,000 items of 4 MiB', async () => {
    const { post } = doorsThatEmit();
    const metadata = { a: 'x'.repeat(4_000) };
    const deltas = Array.from({ length: 1_000 }, () => item({ metadata }));
    const { status, body } = await post(PATH, { deltas });
    expect([status, body.data['totalQueued']]).toEqual([201, 1_000]);
    const last = item({ metadata: { a: 'x'.repeat(200_000) } });
    const tooLarge = await post(PATH, { deltas: [...deltas.slice(1), last] });
    expect(tooLarge.status).toBe(413);
    expect(tooLarge.body.error).toMatchObject({ code: 'BODY_TOO_LARGE' });
  });

  it('is refused whole where its key was used for another body', async () => {
    const { post } = openDoors(() => ({ kind: 'refused', code: 'IDEMPOTENCY_CONFLICT' }));
    const { status, body } = await post(PATH, { deltas: [item()] }, { 'idempotency-key': 'k' });
    expect([status, body.error['code']]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
  });
});

describe('the reply of POST delta', () => {
  it.each(['emitted', 'repeated'] as const)('has the form of its contract (%s)', async (kind) => {
    const { post } = openDoors(() => emitted(3, kind));
    const more = { metadata: { a: '"\\' }, referenceId: '\u2028"', occurredAt: '2026-01-01' };
    const { body } = await post('/api/v1/balance/delta', { ...item(), ...more });
    expect(violationsOf(EmitDeltaReply, body.data)).toBeNull();
    expect(body.data).toMatchObject({ metadata: more.metadata, referenceId: more.referenceId });
  });
});
