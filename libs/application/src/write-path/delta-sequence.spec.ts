import { DeltaSequence, isRefusedForNow } from './delta-sequence';

it('holds a customer’s later deltas once one was refused for now', () => {
  const sequence = new DeltaSequence();
  sequence.refused('a', 'IDEMPOTENCY_CONFLICT');
  expect(sequence.isHolding).toBe(false);
  sequence.refused('a', 'STORE_FULL');
  sequence.refused('a', 'CONTENTION');
  expect(sequence.heldBy('a')).toBe('STORE_FULL');
  expect(sequence.heldBy('b')).toBeUndefined();
  expect(sequence.isHolding).toBe(true);
});

it('tells refusals for now from refusals for good', () => {
  expect(isRefusedForNow('SERVICE_OVERLOADED')).toBe(true);
  expect(isRefusedForNow('CUSTOMER_FENCED')).toBe(false);
  expect(isRefusedForNow('EVENT_TOO_LARGE')).toBe(false);
});
