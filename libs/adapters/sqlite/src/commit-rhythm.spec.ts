// How seldom the projector commits, and what makes it commit sooner.
import { CommitRhythm, pauseAfter } from './commit-rhythm';
import { SIGNALS, SIGNALS_BYTES } from './projector-messages';

it.each([
  ['short, the pause is the least', 2, 100],
  ['longer, it grows with it', 30, 270],
  ['very long, it ends at the bound', 3_000, 500],
])('after a transaction that was %s', (_name, commitMs, pauseMs) => {
  expect(pauseAfter(commitMs, { pauseMs: 100, pauseMsMax: 500 })).toBe(pauseMs);
});

it('a least pause above the bound holds', () => {
  expect(pauseAfter(30, { pauseMs: 1_000, pauseMsMax: 500 })).toBe(1_000);
});

it('whoever waits for a position ends the pause, also one that has not begun', async () => {
  const signals = new Int32Array(new SharedArrayBuffer(SIGNALS_BYTES));
  const never = 2 ** 31 - 1;
  const bounds = { batchCountMax: 10, pauseMs: never, pauseMsMax: never };
  const rhythm = new CommitRhythm(signals, bounds);
  const begin = (): void => {
    Atomics.add(signals, SIGNALS.wanted, 1);
    Atomics.notify(signals, SIGNALS.wanted);
  };
  begin();
  await rhythm.pause(true, 1);
  const pause = rhythm.pause(true, 1);
  begin();
  await pause;
  expect([rhythm.isDue(9), rhythm.isDue(10)]).toEqual([false, true]);
});
