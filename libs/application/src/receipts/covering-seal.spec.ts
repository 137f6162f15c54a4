import { sealEventText } from '@deltabook/domain';
import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import type { RecordedEvent, StreamRange } from '../ports/event-store.port';
import { coveringSeal } from './covering-seal';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const scope = { tenant: 'default', environment: 'sandbox' } as const;
const stream = 'seals-default-sandbox';
const [ALICE, BOB] = [`0x${'aa'.repeat(20)}`, `0x${'bb'.repeat(20)}`];
const ROOT = `0x${'cd'.repeat(32)}`;
const timeOf = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString();

/** A round a second, each sealing one more delta of those it names; after each a signed head. */
function aLog(rounds: readonly (readonly string[])[]) {
  const sizes = new Map<string, number>();
  const events: RecordedEvent[] = [];
  const add = (type: string, data: string): void => {
    const revision = events.length;
    events.push({ stream, revision, position: 0n, type, data, metadata: '{}' });
  };
  for (const [round, references] of rounds.entries()) {
    const heads = references.map((reference) => {
      const size = (sizes.get(reference) ?? 0) + 1;
      sizes.set(reference, size);
      return [reference, size, ROOT] as const;
    });
    const sealing = { firstIndex: round, sealedAt: timeOf(round), heads };
    add('DeltasVerified', sealEventText({ type: 'DeltasVerified', v: 1, ...sealing }));
    add('LogHeadSigned', sealEventText({ type: 'LogHeadSigned', v: 1, size: 1, note: 'n' }));
  }
  let reads = 0;
  const readStream = (_: string, { from, direction, limit }: StreamRange) => {
    reads += 1;
    if (direction === 'backwards') return Promise.resolve(events.slice(-1));
    return Promise.resolve(events.slice(Number(from), Number(from) + limit));
  };
  return { store: { readStream }, sizes, reads: () => reads };
}

describe('the seal that covers a delta', () => {
  it('is the first that does, wherever in the log it is', async () => {
    const rounds = fc.array(fc.subarray([ALICE, BOB], { minLength: 1 }), {
      minLength: 1,
      maxLength: 80,
    });
    await fc.assert(
      fc.asyncProperty(rounds, async (references) => {
        const { store, sizes } = aLog(references);
        for (let sequence = 1; sequence <= (sizes.get(ALICE) ?? 0); sequence += 1) {
          // Alice's n-th delta was recorded just before the round that sealed it.
          const round = references
            .map((of, at) => (of.includes(ALICE) ? at : -1))
            .filter((at) => at >= 0)[sequence - 1] as number;
          const recordedAt = timeOf(round - 0.3);
          const delta = { scope, reference: ALICE, sequence, recordedAt };
          expect(await coveringSeal(store, delta, sha256)).toEqual({
            sealedAt: timeOf(round),
            sealHash: expect.stringMatching(/^0x[0-9a-f]{64}$/) as string,
          });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is found in few reads in a long log, fewest when it is new', async () => {
    const log = aLog(Array.from({ length: 20_000 }, () => [ALICE]));
    const find = (sequence: number) =>
      coveringSeal(
        log.store,
        { scope, reference: ALICE, sequence, recordedAt: timeOf(sequence - 1.5) },
        sha256,
      );
    expect(await find(20_000)).toMatchObject({ sealedAt: timeOf(19_999) });
    expect(log.reads()).toBeLessThanOrEqual(6);
    expect(await find(7_777)).toMatchObject({ sealedAt: timeOf(7_776) });
    expect(log.reads()).toBeLessThanOrEqual(40);
  });

  it('is not told where there is none near its time', async () => {
    const { store } = aLog(Array.from({ length: 100 }, () => [BOB]));
    const delta = { scope, reference: ALICE, sequence: 1, recordedAt: timeOf(0) };
    expect(await coveringSeal(store, delta, sha256)).toBeUndefined();
    const late = { scope, reference: BOB, sequence: 101, recordedAt: timeOf(200) };
    expect(await coveringSeal(store, late, sha256)).toBeUndefined();
    const nothing = { readStream: () => Promise.resolve([]) };
    expect(await coveringSeal(nothing, delta, sha256)).toBeUndefined();
  });
});
