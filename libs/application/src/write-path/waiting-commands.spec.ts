import type { PendingCommand } from './round';
import { WaitingCommands } from './waiting-commands';

const pending = (byteCount: number): PendingCommand =>
  ({ byteCount, metadata: '{}' }) as PendingCommand;

function waitingOf(...sizes: readonly number[]): {
  readonly waiting: WaitingCommands;
  readonly all: readonly PendingCommand[];
} {
  const waiting = new WaitingCommands({ batchCountMax: 3, batchBytesMax: 100 });
  const all = sizes.map(pending);
  for (const one of all) waiting.add(one);
  return { waiting, all };
}

it('gives batches in order, bounded by count and by bytes', () => {
  const { waiting, all } = waitingOf(10, 10, 10, 10, 95, 10);
  expect(waiting.take()).toEqual(all.slice(0, 3));
  expect(waiting.take()).toEqual(all.slice(3, 4));
  expect(waiting.take()).toEqual(all.slice(4, 5));
  expect(waiting.take()).toEqual(all.slice(5));
  expect(waiting.length).toBe(0);
});

it('gives one that is over the bounds by itself', () => {
  const { waiting, all } = waitingOf(500, 10);
  expect(waiting.take()).toEqual(all.slice(0, 1));
});

it('adds to a batch that was taken only what fits beside it', () => {
  const { waiting, all } = waitingOf(40, 40, 40, 10);
  const taken = waiting.take();
  expect(taken).toEqual(all.slice(0, 2));
  expect(waiting.take(taken)).toEqual([]);
  expect(waiting.take(taken.slice(0, 1))).toEqual(all.slice(2));
});
