import { DEFAULT_COLUMNS, itemOf, type Mapping } from './row-item';

const mapping: Mapping = {
  columns: DEFAULT_COLUMNS,
  reason: undefined,
  withoutMetadata: false,
  keyless: false,
};
const row = { customerId: 'c1', delta: '-11.77', reason: 'purchase', referenceId: 'order_1' };

it('takes values as they are, the referenceId as key, and the rest as metadata', () => {
  const read = itemOf({ ...row, occurredAt: '2021-01-01', quantity: '1' }, mapping);
  expect(read).toEqual({
    item: {
      ...row,
      occurredAt: '2021-01-01',
      idempotencyKey: 'order_1',
      metadata: { quantity: '1' },
    },
  });
});

it('prefers a key of its own', () => {
  const read = itemOf({ ...row, idempotencyKey: 'k1' }, mapping);
  expect(read).toMatchObject({ item: { referenceId: 'order_1', idempotencyKey: 'k1' } });
});

it('hashes a referenceId that has not the form of a key', () => {
  const read = itemOf({ ...row, referenceId: 'Überweisung 1' }, mapping);
  expect(read).toMatchObject({
    item: {
      referenceId: 'Überweisung 1',
      idempotencyKey: 'sha256:d7d6e6ba4f20b777fb0050e5e40237fdca230815b38e601077094517cd6c4f39',
    },
  });
});

it('refuses a row that a second run would count again, unless that is wanted', () => {
  const { referenceId: _, ...keyless } = row;
  expect(itemOf(keyless, mapping)).toMatchObject({ refusal: { code: 'MISSING_KEY' } });
  expect(itemOf(keyless, { ...mapping, keyless: true })).toMatchObject({ item: keyless });
});

it('maps columns by name; mapped ones are not metadata', () => {
  const columns = { ...DEFAULT_COLUMNS, customerId: 'account', delta: 'amount' };
  const fields = { account: 'c1', amount: '5', referenceId: 'r1', customerId: 'other' };
  const read = itemOf(fields, { ...mapping, columns, reason: 'import' });
  expect(read).toEqual({
    item: {
      customerId: 'c1',
      delta: '5',
      reason: 'import',
      referenceId: 'r1',
      idempotencyKey: 'r1',
      metadata: { customerId: 'other' },
    },
  });
});

it('can leave further columns out', () => {
  const read = itemOf({ ...row, quantity: '1' }, { ...mapping, withoutMetadata: true });
  expect(read).toEqual({ item: { ...row, idempotencyKey: 'order_1' } });
});

it('joins the metadata of a JSON record with its further members, and passes adjusts on', () => {
  const adjusts = { referenceId: 'order_0' };
  const read = itemOf({ ...row, metadata: { a: 1 }, b: [2], adjusts }, mapping);
  expect(read).toMatchObject({ item: { adjusts, metadata: { a: 1, b: [2] } } });
});
