import { letterKey, letterMessage, letterOf, type DeadLetter } from './dead-letter';

const letter: DeadLetter = {
  coordinates: { cluster: 'c1', epoch: '0', topic: 'deltas', partition: 2, offset: '9' },
  reason: 'VALIDATION_FAILED',
  detail: 'delta must not be 0',
  refusedAt: 1_700_000_000_000,
  message: {
    key: Buffer.from([0xff]),
    value: Buffer.from('{}'),
    headers: { traceparent: Buffer.from('t'), 'deltabook-reason': Buffer.from('forged') },
  },
};
const stored = (given: DeadLetter): DeadLetter | undefined => {
  const { key, value, headers } = letterMessage(given);
  return letterOf({ key: Buffer.from(String(key)), value: value as Buffer, headers });
};

it('reads back what it wrote, byte for byte', () => {
  expect(stored(letter)).toEqual(letter);
  const withoutValue = { ...letter, message: { key: null, value: null, headers: {} } };
  expect(stored(withoutValue)).toEqual(withoutValue);
});

it('is named by the place of its message', () => {
  expect(letterKey(letter.coordinates)).toBe('deltas/2/9');
  expect(letterKey({ ...letter.coordinates, epoch: '1' })).toBe('deltas/2/9#1');
});

it('takes nothing else for a letter', () => {
  expect(letterOf({ key: null, value: Buffer.from('x'), headers: {} })).toBeUndefined();
  expect(letterOf({ key: Buffer.from('deltas/2/9'), value: null })).toBeUndefined();
});
