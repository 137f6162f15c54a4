import { PartitionRests } from './partition-rests';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('rests twice as long each time, up to a bound, until the partition has gone on', () => {
  const rests = new PartitionRests({ firstMs: 200, mostMs: 1_000 });
  let resumed = 0;
  const rest = (): number => {
    const ms = rests.begin('deltas/0', () => (resumed += 1));
    jest.advanceTimersByTime(ms - 1);
    const before = resumed;
    jest.advanceTimersByTime(1);
    expect(resumed).toBe(before + 1);
    return ms;
  };
  expect([rest(), rest(), rest(), rest(), rest()]).toEqual([200, 400, 800, 1_000, 1_000]);
  expect(rests.begin('deltas/1', () => undefined)).toBe(200);
  rests.wentOn('deltas/0');
  expect(rest()).toBe(200);
});

it('resumes nothing once it is cleared', () => {
  const rests = new PartitionRests({ firstMs: 200, mostMs: 1_000 });
  let resumed = 0;
  rests.begin('deltas/0', () => (resumed += 1));
  rests.clear();
  jest.advanceTimersByTime(1_000);
  expect(resumed).toBe(0);
});
