import { getEventListeners } from 'node:events';
import { CommitAlarm } from './commit-alarm';

const LONG_MS = 20_000;

it('a pause ends when somebody asks, and when the next one begins', async () => {
  const alarm = new CommitAlarm(() => undefined);
  const { signal } = new AbortController();
  const pauses: Promise<void>[] = [];
  for (let i = 0; i < 20; i += 1) {
    pauses.push(alarm.pause(LONG_MS, signal));
    // At once: Node warns of signals that many listen to.
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  }
  await Promise.all(pauses.slice(0, -1));
  alarm.ask(1);
  await Promise.all(pauses);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

it('who asks is answered at once where there is nothing to commit', () => {
  const answered: number[] = [];
  const alarm = new CommitAlarm((id) => answered.push(id));
  alarm.ask(1);
  expect(answered).toEqual([]);
  alarm.serve(() => false);
  alarm.ask(2);
  expect(answered).toEqual([1, 2]);
  expect(alarm.isAsked).toBe(false);
});
