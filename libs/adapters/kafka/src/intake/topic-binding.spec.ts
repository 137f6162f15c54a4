import { parseTopicBindings } from './topic-binding';

const fallback = { tenant: 'default', environment: 'sandbox' } as const;

it('binds topics to the tenant and environment they name, or to the fallback', () => {
  expect(parseTopicBindings('deltas, b.deltas=acme/production', fallback)).toEqual([
    { topic: 'deltas', tenant: 'default', environment: 'sandbox' },
    { topic: 'b.deltas', tenant: 'acme', environment: 'production' },
  ]);
});

it.each(['', 'a b', 'a=acme', 'a=acme/live', 'a=Acme/sandbox', 'a=acme/sandbox/x', 'a,a', 'a,'])(
  'refuses %j',
  (text) => {
    expect(parseTopicBindings(text, fallback)).toBeUndefined();
  },
);
