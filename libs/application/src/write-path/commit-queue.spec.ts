import type { AppendOutcome, StreamAppend } from '../ports/event-store.port';
import { CommitQueue } from './commit-queue';

const anAppend = (stream: string): StreamAppend => ({ stream, expectedRevision: -1, events: [] });

/** Records the calls it gets; each is answered when the test says so. */
function aRecordingStore(callsInFlightMax: number, appendsPerCallMax: number) {
  const calls: { streams: string[]; answer: (outcome: AppendOutcome) => void; fail: () => void }[] =
    [];
  const store = {
    appendConcurrency: { callsInFlightMax, appendsPerCallMax, bytesPerCallMax: 1_000 },
    append: (appends: readonly StreamAppend[]) =>
      new Promise<readonly AppendOutcome[]>((resolve, reject) => {
        calls.push({
          streams: appends.map(({ stream }) => stream),
          answer: (outcome) => resolve(appends.map(() => outcome)),
          fail: () => reject(new Error('connection lost')),
        });
      }),
  };
  return { store, calls };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const appended = (position: bigint): AppendOutcome => ({ kind: 'appended', revision: 0, position });

describe('the commit queue', () => {
  it('gathers what is appended in one turn into one call', async () => {
    const { store, calls } = aRecordingStore(1, 100);
    const queue = new CommitQueue(store, -1n);
    const outcomes = ['a', 'b', 'c'].map((stream) => queue.append('t', anAppend(stream), 1));
    await turn();
    expect(calls.map(({ streams }) => streams)).toEqual([['a', 'b', 'c']]);
    calls[0]?.answer(appended(7n));
    expect(await Promise.all(outcomes)).toEqual([appended(7n), appended(7n), appended(7n)]);
    expect(queue.newestPosition).toBe(7n);
  });

  it('holds back while enough calls are in flight, then sends all that waited', async () => {
    const { store, calls } = aRecordingStore(1, 100);
    const queue = new CommitQueue(store, -1n);
    void queue.append('t', anAppend('a'), 1);
    await turn();
    void queue.append('t', anAppend('b'), 1);
    void queue.append('t', anAppend('c'), 1);
    await turn();
    expect(calls).toHaveLength(1);
    expect(queue.length).toBe(2);
    calls[0]?.answer(appended(1n));
    await turn();
    await turn();
    expect(calls[1]?.streams).toEqual(['b', 'c']);
  });

  it('keeps calls within count and bytes, but lets one large append through alone', async () => {
    const { store, calls } = aRecordingStore(10, 2);
    const queue = new CommitQueue(store, -1n);
    void queue.append('t', anAppend('large'), 5_000);
    for (const stream of ['a', 'b', 'c']) void queue.append('t', anAppend(stream), 400);
    await turn();
    expect(calls.map(({ streams }) => streams)).toEqual([['large'], ['a', 'b'], ['c']]);
  });

  it('serves tenants in turn: a flood delays another by no more than one call', async () => {
    const { store, calls } = aRecordingStore(1, 4);
    const queue = new CommitQueue(store, -1n);
    for (let i = 0; i < 10; i += 1) void queue.append('flood', anAppend(`f${i}`), 1);
    await turn();
    void queue.append('quiet', anAppend('q0'), 1);
    void queue.append('quiet', anAppend('q1'), 1);
    calls[0]?.answer(appended(1n));
    await turn();
    await turn();
    expect(calls[1]?.streams).toEqual(expect.arrayContaining(['q0', 'q1']));
    expect(calls[1]?.streams).toHaveLength(4);
  });

  it('does not favour the first tenant when calls hold one append', async () => {
    const { store, calls } = aRecordingStore(1, 1);
    const queue = new CommitQueue(store, -1n);
    for (const tenant of ['x', 'y', 'z']) {
      for (let i = 0; i < 2; i += 1) void queue.append(tenant, anAppend(`${tenant}${i}`), 1);
    }
    for (let i = 0; i < 6; i += 1) {
      await turn();
      await turn();
      calls[i]?.answer(appended(BigInt(i)));
    }
    const order = calls.map(({ streams }) => streams[0]?.charAt(0));
    expect(order.slice(0, 3).sort()).toEqual(['x', 'y', 'z']);
    expect(order.slice(3).sort()).toEqual(['x', 'y', 'z']);
  });

  it('a call that fails leaves every outcome unknown, and the queue goes on', async () => {
    const { store, calls } = aRecordingStore(1, 100);
    const queue = new CommitQueue(store, -1n);
    const outcome = queue.append('t', anAppend('a'), 1);
    await turn();
    calls[0]?.fail();
    expect(await outcome).toEqual({ kind: 'unknown', reason: 'connection lost' });
    const next = queue.append('t', anAppend('b'), 1);
    await turn();
    calls[1]?.answer(appended(3n));
    expect(await next).toEqual(appended(3n));
  });
});
