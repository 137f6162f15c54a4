// How seldom the projector commits, and what makes it commit sooner.
import { CommitRhythm, pauseAfter } from './commit-rhythm';
import { SIGNALS, SIGNALS_BYTES } from './projector-messages';

const BOUNDS = { pauseMs: 100, pauseMsMax: 500 };

it.each([
  ['of few rows, the pause is short', { rowCount: 3, tookMs: 0.5 }, 10],
  ['of some rows, it grows with them', { rowCount: 40, tookMs: 1 }, 40],
  ['of many rows, it is that of a load', { rowCount: 1_000, tookMs: 6 }, 100],
  ['that took longer, it grows with the time', { rowCount: 2_000, tookMs: 30 }, 270],
  ['that took very long, it ends at the bound', { rowCount: 9_000, tookMs: 3_000 }, 500],
])('after a transaction %s', (_name, commit, pauseMs) => {
  expect(pauseAfter(commit, BOUNDS)).toBe(pauseMs);
});

it('there is no pause where none is set', () => {
  const commit = { rowCount: 9_000, tookMs: 3_000 };
  expect(pauseAfter(commit, { pauseMs: 0, pauseMsMax: 0 })).toBe(0);
});

it('whoever waits for a position ends the pause, also one that has not begun', async () => {
  const signals = new Int32Array(new SharedArrayBuffer(SIGNALS_BYTES));
  const never = 2 ** 31 - 1;
  const commit = { rowCount: never, tookMs: 1 };
  const bounds = { batchCountMax: 10, pauseMs: never, pauseMsMax: never };
  const rhythm = new CommitRhythm(signals, bounds);
  const begin = (): void => {
    Atomics.add(signals, SIGNALS.wanted, 1);
    Atomics.notify(signals, SIGNALS.wanted);
  };
  begin();
  await rhythm.pause(true, commit);
  const pause = rhythm.pause(true, commit);
  begin();
  await pause;
  expect([rhythm.isDue(9), rhythm.isDue(10)]).toEqual([false, true]);
});
