import * as fc from 'fast-check';
import type { RecordedEvent, StreamRange } from '../../ports/event-store.port';
import { GAP_EVENTS_MAX, scanGaps } from './gap-scan';

const HASH = `0x${'ab'.repeat(32)}`;
const dataOf = (sequence: number): string =>
  `{"v":1,"leaf":{"balance":"1","contentHash":"${HASH}","delta":"1","occurredAt":"",` +
  `"previousProofHash":"${HASH}","recordedAt":"2026-01-01T00:00:00.000Z",` +
  `"reference":"0x${'ab'.repeat(20)}","sequence":"${sequence}","v":1},` +
  `"private":{"reason":"r","salt":"s"},"receiptId":"${HASH}"}`;

/** A stream with an opening, a checkpoint after each third delta, and without the missing ones. */
function aStream(deltaCount: number, missing: ReadonlySet<number>) {
  const events: RecordedEvent[] = [];
  const add = (type: string, data: string, isThere: boolean): void => {
    const revision: number = place.end + 1;
    place.end = revision;
    const event = { stream: 's', revision, position: 0n, type, data, metadata: '{}' };
    if (isThere) events.push(event);
  };
  const place = { stream: 's', end: -1 };
  add('CustomerRecordOpened', '{}', true);
  for (let n = 1; n <= deltaCount; n += 1) {
    add('DeltaEmitted', dataOf(n), !missing.has(n));
    if (n % 3 === 0) add('CheckpointCommitted', '{}', true);
  }
  const store = {
    readStream: (_stream: string, { from, limit }: StreamRange) =>
      Promise.resolve(events.filter(({ revision }) => revision >= Number(from)).slice(0, limit)),
  };
  return { store, place };
}

const numbers = (ranges: readonly { first: number; last: number }[]): number[] =>
  ranges.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i),
  );

describe('gaps', () => {
  it('are exactly the numbers that are missing, in the range that was asked for', async () => {
    const cases = fc.record({
      deltaCount: fc.integer({ min: 1, max: 60 }),
      missing: fc.uniqueArray(fc.integer({ min: 1, max: 60 })),
      a: fc.nat(),
      b: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ deltaCount, missing, a, b }) => {
        const { store, place } = aStream(deltaCount, new Set(missing));
        const first = 1 + (a % deltaCount);
        const last = first + (b % (deltaCount - first + 1));
        const range = { first, last };
        const { gaps, next } = await scanGaps(store, place, { range, limit: 100 });
        const expected = missing.filter((n) => n >= first && n <= last).sort((x, y) => x - y);
        expect(numbers(gaps)).toEqual(expected);
        expect(next).toBeUndefined();
      }),
    );
  });

  it('are told up to a limit, and the rest when asked again', async () => {
    const { store, place } = aStream(20, new Set([2, 5, 6, 9, 20]));
    const first = await scanGaps(store, place, { range: { first: 1, last: 20 }, limit: 2 });
    expect(first).toEqual({
      gaps: [
        { first: 2, last: 2 },
        { first: 5, last: 6 },
      ],
      next: 7,
    });
    const rest = await scanGaps(store, place, { range: { first: 7, last: 20 }, limit: 2 });
    expect(numbers(rest.gaps)).toEqual([9, 20]);
  });

  it('are looked for in a bounded number of events', async () => {
    const { store, place } = aStream(GAP_EVENTS_MAX, new Set([GAP_EVENTS_MAX]));
    const range = { first: 1, last: GAP_EVENTS_MAX };
    const { gaps, next = 0 } = await scanGaps(store, place, { range, limit: 10 });
    expect(gaps).toEqual([]);
    expect(next).toBeGreaterThan(1);
    const rest = await scanGaps(store, place, { range: { ...range, first: next }, limit: 10 });
    expect(numbers(rest.gaps)).toEqual([GAP_EVENTS_MAX]);
  });
});
