import { DeltaSequence, isRefusedForNow } from './delta-sequence';

it('holds a customer’s later deltas once one was refused for now, and none before it', () => {
  const sequence = new DeltaSequence();
  const [first, second, third] = [1, 2, 3].map(() => sequence.nextPlace());
  if (first === undefined || second === undefined || third === undefined) throw new Error('none');
  sequence.refused('a', 'IDEMPOTENCY_CONFLICT', first);
  expect(sequence.isHolding).toBe(false);
  sequence.refused('a', 'STORE_FULL', second);
  sequence.refused('a', 'CONTENTION', third);
  expect(sequence.isHolding).toBe(true);
  expect(sequence.heldBy('a', first)).toBeUndefined();
  expect(sequence.heldBy('a', second)).toBeUndefined();
  expect(sequence.heldBy('a', third)).toBe('STORE_FULL');
  expect(sequence.heldBy('b', third)).toBeUndefined();
  sequence.refused('a', 'SHUTTING_DOWN', first);
  expect(sequence.heldBy('a', second)).toBe('SHUTTING_DOWN');
});

it('tells refusals for now from refusals for good', () => {
  expect(isRefusedForNow('SERVICE_OVERLOADED')).toBe(true);
  expect(isRefusedForNow('CUSTOMER_FENCED')).toBe(false);
  expect(isRefusedForNow('EVENT_TOO_LARGE')).toBe(false);
});
