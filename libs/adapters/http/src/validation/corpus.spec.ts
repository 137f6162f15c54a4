// One corpus of good and bad bodies: compiled schema and class-validator must agree on each of
// them, and each is answered with its own code.
import {
  BatchItemBody,
  EmitDeltaBody,
  freeJsonProblem,
  METADATA_LIMITS,
  type ContractClass,
} from '@deltabook/contracts';
import { validateSync } from 'class-validator';
import { openDoors } from '../../../../../test/support/http-doors';
import { validatorOf } from './validator';

const GOOD = { customerId: 'cust_001', delta: 500, reason: 'initial_deposit' };
const nested = (levels: number): object =>
  levels === 1 ? {} : levels === 2 ? { a: [] } : { a: nested(levels - 1) };
const sized = (bytes: number): object => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });

/** Bodies whose form is right; a code where they are refused for what they mean. */
const FORMED: readonly (readonly [change: object, code?: string])[] = [
  [{}],
  [{ delta: -0.000000001 }],
  [{ delta: 1e9 }],
  [{ delta: -1e9 }],
  [{ delta: '1000000000.000000000' }],
  [{ delta: '0.000000001' }],
  [{ delta: 123456789.123456 }],
  [{ delta: 0.1234567891 }, 'INVALID_AMOUNT'],
  [{ delta: 123456789.1234567 }, 'INVALID_AMOUNT'],
  [{ delta: 1e-10 }, 'INVALID_AMOUNT'],
  [{ delta: '1000000000.000000001' }, 'INVALID_AMOUNT'],
  [{ delta: '9999999999' }, 'INVALID_AMOUNT'],
  [{ customerId: 'a' }],
  [{ customerId: 'A.z_0:9-'.repeat(16) }],
  [{ customerId: '...' }],
  [{ customerId: 'summary2' }],
  [{ reason: 'r'.repeat(500) }],
  [{ reason: '😀'.repeat(500) }],
  [{ reason: '☀️'.repeat(250) }],
  [{ reason: ' ' }],
  [{ referenceId: '' }],
  [{ referenceId: 'ü'.repeat(256) }],
  [{ referenceId: null }],
  [{ metadata: {} }],
  [{ metadata: null }],
  [{ metadata: { a: [1, null, true, 'x', { constructor: { prototype: 1 } }] } }],
  [{ metadata: nested(8) }],
  [{ metadata: sized(16_384) }],
  [{ occurredAt: '2026-02-28' }],
  [{ occurredAt: '2024-02-29t23:59:59.123456789z' }],
  [{ occurredAt: '0000-01-01T00:00:00Z' }],
  [{ occurredAt: '2026-02-29' }, 'VALIDATION_FAILED'],
  [{ occurredAt: '2026-04-31T00:00:00Z' }, 'VALIDATION_FAILED'],
  [{ occurredAt: '0000-01-01T00:00:00+01:00' }, 'VALIDATION_FAILED'],
  [{ occurredAt: '9999-12-31T23:59:59-01:00' }, 'VALIDATION_FAILED'],
  [{ occurredAt: null }],
  [{ adjusts: { recordId: 'rec_1' } }],
  [{ adjusts: { referenceId: 'x' } }],
  [{ adjusts: null }],
];

/** Bodies of a wrong form, with the code and the field they are answered with. */
const MALFORMED: readonly (readonly [change: object, code: string, field: string])[] = [
  [{ delta: 0 }, 'INVALID_AMOUNT', 'delta'],
  [{ delta: -0 }, 'INVALID_AMOUNT', 'delta'],
  [{ delta: 1e10 }, 'INVALID_AMOUNT', 'delta'],
  [{ delta: '0.0' }, 'INVALID_AMOUNT', 'delta'],
  [{ delta: 'NaN' }, 'INVALID_AMOUNT', 'delta'],
  [{ delta: '١' }, 'INVALID_AMOUNT', 'delta'],
  [{ delta: '1e3' }, 'INVALID_AMOUNT', 'delta'],
  [{ delta: '+1' }, 'INVALID_AMOUNT', 'delta'],
  [{ delta: ' 1' }, 'INVALID_AMOUNT', 'delta'],
  [{ delta: '01' }, 'INVALID_AMOUNT', 'delta'],
  [{ delta: '.5' }, 'INVALID_AMOUNT', 'delta'],
  [{ delta: '0.1234567891' }, 'INVALID_AMOUNT', 'delta'],
  [{ delta: '1'.repeat(65) }, 'INVALID_AMOUNT', 'delta'],
  [{ delta: null }, 'VALIDATION_FAILED', 'delta'],
  [{ delta: true }, 'VALIDATION_FAILED', 'delta'],
  [{ delta: [5] }, 'VALIDATION_FAILED', 'delta'],
  [{ delta: undefined }, 'VALIDATION_FAILED', 'delta'],
  [{ customerId: undefined }, 'VALIDATION_FAILED', 'customerId'],
  [{ customerId: 7 }, 'VALIDATION_FAILED', 'customerId'],
  [{ customerId: '' }, 'INVALID_CUSTOMER_ID', 'customerId'],
  [{ customerId: '.' }, 'INVALID_CUSTOMER_ID', 'customerId'],
  [{ customerId: '..' }, 'INVALID_CUSTOMER_ID', 'customerId'],
  [{ customerId: 'summary' }, 'INVALID_CUSTOMER_ID', 'customerId'],
  [{ customerId: 'a/b' }, 'INVALID_CUSTOMER_ID', 'customerId'],
  [{ customerId: 'cust_001\n' }, 'INVALID_CUSTOMER_ID', 'customerId'],
  [{ customerId: 'ü' }, 'INVALID_CUSTOMER_ID', 'customerId'],
  [{ customerId: 'a'.repeat(129) }, 'INVALID_CUSTOMER_ID', 'customerId'],
  [{ reason: undefined }, 'VALIDATION_FAILED', 'reason'],
  [{ reason: null }, 'VALIDATION_FAILED', 'reason'],
  [{ reason: '' }, 'VALIDATION_FAILED', 'reason'],
  [{ reason: 'r'.repeat(501) }, 'VALIDATION_FAILED', 'reason'],
  [{ reason: '😀'.repeat(501) }, 'VALIDATION_FAILED', 'reason'],
  [{ reason: '☀️'.repeat(251) }, 'VALIDATION_FAILED', 'reason'],
  [{ reason: 'a\0b' }, 'VALIDATION_FAILED', 'reason'],
  [{ reason: 'a\ud800' }, 'VALIDATION_FAILED', 'reason'],
  [{ reason: '\udc00\ud800' }, 'VALIDATION_FAILED', 'reason'],
  [{ referenceId: 'r'.repeat(257) }, 'VALIDATION_FAILED', 'referenceId'],
  [{ referenceId: 7 }, 'VALIDATION_FAILED', 'referenceId'],
  [{ metadata: [] }, 'VALIDATION_FAILED', 'metadata'],
  [{ metadata: 'x' }, 'VALIDATION_FAILED', 'metadata'],
  [{ metadata: nested(9) }, 'VALIDATION_FAILED', 'metadata'],
  [{ metadata: sized(16_385) }, 'VALIDATION_FAILED', 'metadata'],
  [{ metadata: { a: 'ü'.repeat(8_190) } }, 'VALIDATION_FAILED', 'metadata'],
  [{ metadata: { 'a\0': 1 } }, 'VALIDATION_FAILED', 'metadata'],
  [{ metadata: { a: ['\ud800'] } }, 'VALIDATION_FAILED', 'metadata'],
  [{ occurredAt: '' }, 'VALIDATION_FAILED', 'occurredAt'],
  [{ occurredAt: 1_767_225_600_000 }, 'VALIDATION_FAILED', 'occurredAt'],
  [{ occurredAt: '2026-01-01T00:00:00' }, 'VALIDATION_FAILED', 'occurredAt'],
  [{ occurredAt: '2026-01-01 00:00:00Z' }, 'VALIDATION_FAILED', 'occurredAt'],
  [{ occurredAt: '2026-01-01T24:00:00Z' }, 'VALIDATION_FAILED', 'occurredAt'],
  [{ occurredAt: '2026-12-31T23:59:60Z' }, 'VALIDATION_FAILED', 'occurredAt'],
  [{ occurredAt: '2026-13-01' }, 'VALIDATION_FAILED', 'occurredAt'],
  [{ occurredAt: '2026-1-1' }, 'VALIDATION_FAILED', 'occurredAt'],
  [{ occurredAt: '٢٠٢٦-01-01' }, 'VALIDATION_FAILED', 'occurredAt'],
  [{ adjusts: {} }, 'VALIDATION_FAILED', 'adjusts'],
  [{ adjusts: [] }, 'VALIDATION_FAILED', 'adjusts'],
  [{ adjusts: ['x'] }, 'VALIDATION_FAILED', 'adjusts'],
  [{ adjusts: { recordId: 'a', referenceId: 'b' } }, 'VALIDATION_FAILED', 'adjusts'],
  [{ adjusts: { recordId: '' } }, 'VALIDATION_FAILED', 'adjusts/recordId'],
  [{ adjusts: { other: 'a' } }, 'VALIDATION_FAILED', 'adjusts/other'],
  [{ amount: 5 }, 'VALIDATION_FAILED', 'amount'],
  [{ idempotencyKey: 'k' }, 'VALIDATION_FAILED', 'idempotencyKey'],
];

function classAccepts(contract: ContractClass, body: unknown): boolean {
  const instance = Object.assign(new contract(), body);
  return validateSync(instance, { whitelist: true, forbidNonWhitelisted: true }).length === 0;
}

const sent = (change: object): unknown => JSON.parse(JSON.stringify({ ...GOOD, ...change }));
const shown = (change: object): string => JSON.stringify(change)?.slice(0, 70) ?? '';

describe('the schema and the class agree on', () => {
  const accepts = validatorOf(EmitDeltaBody);

  it.each(FORMED.map(([change]) => [shown(change), change]))('%s: formed', (_name, change) => {
    const body = sent(change);
    expect([accepts(body), classAccepts(EmitDeltaBody, body)]).toEqual([undefined, true]);
  });

  it.each(MALFORMED.map(([change]) => [shown(change), change]))('%s: not', (_name, change) => {
    const body = sent(change);
    expect([accepts(body) !== undefined, classAccepts(EmitDeltaBody, body)]).toEqual([true, false]);
  });

  it.each([['k'], ['k'.repeat(255)], [' ~'], [null]])('an item with key %j', (idempotencyKey) => {
    const body = sent({ idempotencyKey });
    expect(validatorOf(BatchItemBody)(body)).toBeUndefined();
    expect(classAccepts(BatchItemBody, body)).toBe(true);
  });

  it.each([[''], ['k'.repeat(256)], ['ü'], ['a\n'], [7]])('an item with no key %j', (key) => {
    const body = sent({ idempotencyKey: key });
    expect(validatorOf(BatchItemBody)(body)).toMatchObject({ field: 'idempotencyKey' });
    expect(classAccepts(BatchItemBody, body)).toBe(false);
  });

  it('numbers beyond those of JSON', () => {
    const body: unknown = JSON.parse(JSON.stringify(sent({})).replace('500', '1e999'));
    expect(accepts(body)).toMatchObject({ field: 'delta' });
    expect(classAccepts(EmitDeltaBody, body)).toBe(false);
    expect(freeJsonProblem({ a: Infinity }, METADATA_LIMITS)).toBe('bad-number');
  });
});

describe('the door answers', () => {
  const { post, messages } = openDoors(() => ({ kind: 'refused', code: 'STORE_FULL' }));

  it.each(
    FORMED.flatMap(([change, code]) => (code === undefined ? [] : [[shown(change), change, code]])),
  )('%s with its code', async (_name, change, code) => {
    const { status, body } = await post('/api/v1/balance/delta', sent(change));
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code });
    expect(messages).toEqual([]);
  });

  it.each(MALFORMED.map(([change, ...rest]) => [shown(change), change, ...rest]))(
    '%s with its code and field',
    async (_name, change, code, field) => {
      const { status, body } = await post('/api/v1/balance/delta', sent(change));
      expect(status).toBe(400);
      expect(body.error).toMatchObject({ code, field });
      expect(messages).toEqual([]);
    },
  );
});
