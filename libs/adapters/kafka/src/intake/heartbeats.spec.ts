import { withHeartbeats } from './heartbeats';

const lostMembership = new Error('the group rebalances');

it('beats while the work takes long, and tells once that membership is lost', async () => {
  jest.useFakeTimers();
  let beats = 0;
  let losses = 0;
  let end = (): void => undefined;
  const waiting = withHeartbeats(new Promise((resolve) => (end = resolve)), {
    heartbeat: () => {
      beats += 1;
      return beats > 2 ? Promise.reject(lostMembership) : Promise.resolve();
    },
    intervalMs: 100,
    onLost: () => (losses += 1),
  });
  await jest.advanceTimersByTimeAsync(1_000);
  expect([beats, losses]).toEqual([3, 1]);
  end();
  expect(await waiting).toBe(lostMembership);
  expect([beats, losses]).toEqual([3, 1]);
  jest.useRealTimers();
});

it('beats once after work that was short', async () => {
  let lost = 0;
  const options = { intervalMs: 10_000, onLost: () => (lost += 1) };
  const fine = { ...options, heartbeat: () => Promise.resolve() };
  expect(await withHeartbeats(Promise.resolve(), fine)).toBeUndefined();
  const failing = { ...options, heartbeat: () => Promise.reject(lostMembership) };
  expect(await withHeartbeats(Promise.resolve(), failing)).toBe(lostMembership);
  expect(lost).toBe(1);
});
