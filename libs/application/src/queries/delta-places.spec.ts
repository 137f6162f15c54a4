// Deltas by time and by number, in streams with other events between them.
import {
  ABSENT,
  customerStream,
  decideEmitDelta,
  evolve,
  timeText,
  type Customer,
} from '@deltabook/domain';
import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import type { RecordedEvent, StreamRange } from '../ports/event-store.port';
import { deltaUpTo, type PlacedDelta } from '../receipts/placed-deltas';
import { deltaBefore, deltaOfSequence, NO_DELTAS, pointOf } from './delta-places';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const reference = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
const identity = {
  tenant: 'default',
  environment: 'sandbox',
  customerId: 'cust_001',
  reference,
} as const;
const stream = customerStream(reference);
const FOREVER = Date.parse('9999-12-31T23:59:59.999Z');
const START = Date.parse('2026-01-01T00:00:00.000Z');

interface Step {
  /** Milliseconds since the step before. */
  readonly laterMs: number;
  /** Checkpoints after the delta. */
  readonly checkpoints: number;
}

/** A stream with one delta a step, read as in a store; `reads` counts the calls. */
async function aHistory(steps: readonly Step[]) {
  const recorded: RecordedEvent[] = [];
  let customer: Customer = ABSENT;
  let now = START;
  const add = (type: string, data: string): void => {
    const revision = recorded.length;
    recorded.push({ stream, revision, position: BigInt(revision), type, data, metadata: '{}' });
  };
  for (const { laterMs, checkpoints } of steps) {
    now += laterMs;
    const command = {
      customerId: 'cust_001',
      nano: BigInt(laterMs + 1),
      reason: 'r',
      now,
      salt: '00',
    };
    const context = { identity, earlier: undefined, sha256Hex };
    const decision = decideEmitDelta(command, customer, context);
    if (decision.kind !== 'emitted') throw new Error('not emitted');
    for (const { type, data } of decision.events) add(type, data);
    customer = decision.customer;
    for (let i = 0; i < checkpoints; i += 1) {
      const type = 'CheckpointCommitted';
      const committedAt = timeText(now);
      customer = evolve(customer, { type, v: 1, committedAt } as never, recorded.length);
      add(type, JSON.stringify({ v: 1, committedAt }));
    }
  }
  let reads = 0;
  const readStream = (name: string, { from, direction, limit }: StreamRange) => {
    reads += 1;
    const start = Number(from);
    const page =
      direction === 'forwards'
        ? recorded.slice(start, start + limit)
        : recorded.slice(Math.max(0, start - limit + 1), start + 1).reverse();
    return Promise.resolve(name === stream ? page : []);
  };
  const end = { revision: recorded.length - 1, sequence: steps.length };
  const deltas: PlacedDelta[] = [];
  for (const { revision, type } of recorded) {
    const delta = await deltaUpTo({ readStream }, stream, revision);
    if (type === 'DeltaEmitted' && delta) deltas.push(delta);
  }
  reads = 0;
  return { store: { readStream }, all: { stream, end }, deltas, readCount: () => reads, now };
}

const steps = fc.array(
  fc.record({
    laterMs: fc.oneof(fc.constant(0), fc.nat(5)),
    checkpoints: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(30)),
  }),
  { minLength: 1, maxLength: 40 },
);

it('the last delta before any time is the one that looking at all of them finds', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      const { store, all, deltas, now } = await aHistory(given);
      for (let ms = START - 1; ms <= now + 1; ms += 1) {
        const expected: PlacedDelta | undefined = deltas.findLast(
          ({ text }) => Date.parse(text.recordedAt) < ms,
        );
        expect(await deltaBefore(store, all, ms)).toEqual(expected);
      }
    }),
    { numRuns: 40 },
  );
});

it('nothing after the end counts', async () => {
  const { store, all, deltas } = await aHistory(
    [0, 1, 2, 3].map(() => ({ laterMs: 1, checkpoints: 1 })),
  );
  const [, second] = deltas;
  if (!second) throw new Error('no deltas');
  const end = { revision: second.revision + 1, sequence: 2 };
  expect(await deltaBefore(store, { ...all, end }, FOREVER)).toEqual(second);
});

it('every delta is found by its number', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      const { store, all, deltas } = await aHistory(given);
      for (const delta of deltas) {
        expect(await deltaOfSequence(store, all, delta.sequence)).toEqual(delta);
      }
    }),
    { numRuns: 40 },
  );
});

it('a long history takes few reads, its end one', async () => {
  const history = await aHistory(
    Array.from({ length: 5_000 }, () => ({ laterMs: 1, checkpoints: 0 })),
  );
  const { store, all, deltas, readCount } = history;
  await deltaBefore(store, all, FOREVER);
  expect(readCount()).toBe(1);
  expect(await deltaBefore(store, all, START + 1_234)).toEqual(deltas[1_232]);
  expect(readCount()).toBeLessThan(40);
});

it('the point of a delta is what all up to it come to', async () => {
  const { deltas } = await aHistory([2, 3].map((laterMs) => ({ laterMs, checkpoints: 1 })));
  expect(pointOf(deltas[1])).toMatchObject({ sequence: 2, balanceNano: 7n });
  expect(pointOf(undefined)).toBe(NO_DELTAS);
});
