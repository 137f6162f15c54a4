import type { NextOffset } from '../dead-letters/partition-letters';
import { OffsetCommits } from './offset-commits';

const next = (partition: number, offset: number): NextOffset => ({
  topic: 'deltas',
  partition,
  offset: String(offset),
});

/** Commits that are noted, and fail while `failing` says so. */
function commits(): { made: string[]; failing: boolean; commits: OffsetCommits } {
  const made: string[] = [];
  const state = { made, failing: false };
  const commit = (offsets: readonly NextOffset[]): Promise<void> => {
    made.push(offsets.map(({ partition, offset }) => `${partition}:${offset}`).join(' '));
    return state.failing ? Promise.reject(new Error('no broker')) : Promise.resolve();
  };
  return Object.assign(state, {
    commits: new OffsetCommits({ commit, intervalMs: 1_000, log: () => undefined }),
  });
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('commits the last offset of every partition in one request after a while', async () => {
  const { commits: offsets, made } = commits();
  offsets.add(next(0, 5));
  offsets.add(next(1, 7));
  offsets.add(next(0, 9));
  await jest.advanceTimersByTimeAsync(999);
  expect(made).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(made).toEqual(['0:9 1:7']);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(made).toHaveLength(1);
});

it('commits at once when it is flushed, and only what is new', async () => {
  const { commits: offsets, made } = commits();
  offsets.add(next(0, 5));
  await offsets.flush();
  await offsets.flush();
  offsets.add(next(1, 6));
  await offsets.flush();
  expect(made).toEqual(['0:5', '1:6']);
});

it('tries again what could not be committed, unless the partition has gone on', async () => {
  const state = commits();
  state.failing = true;
  state.commits.add(next(0, 5));
  state.commits.add(next(1, 7));
  const flushed = state.commits.flush();
  await Promise.resolve();
  state.commits.add(next(0, 6));
  await flushed;
  state.failing = false;
  await jest.advanceTimersByTimeAsync(1_000);
  expect(state.made).toEqual(['0:5 1:7', '0:6 1:7']);
});

it('forgets everything when partitions are assigned anew, also what fails meanwhile', async () => {
  const state = commits();
  state.failing = true;
  state.commits.add(next(0, 5));
  const flushed = state.commits.flush();
  await Promise.resolve();
  state.commits.add(next(1, 7));
  state.commits.clear();
  await flushed;
  state.failing = false;
  await jest.advanceTimersByTimeAsync(5_000);
  expect(state.made).toEqual(['0:5']);
});
