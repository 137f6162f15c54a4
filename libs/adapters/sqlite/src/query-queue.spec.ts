// Writes wait for rows, so rows come first; lists wait for their turn and are answered in slices.
import type { Query } from './query-messages';
import { QueryQueue } from './query-queue';

const LIST = { tenant: 't', environment: 'sandbox', search: '', sortBy: 'balance' } as const;
const aList = (id: number): Query => ({
  id,
  name: 'page',
  asks: { ...LIST, sortOrder: 'asc', page: 1, limit: 1 },
});
const aRow = (id: number): Query => ({ id, name: 'customers', asks: [] });

/** A queue whose answers take one millisecond each, and the ids of each message of replies. */
function aQueue() {
  const messages: number[][] = [];
  let elapsedMs = 0;
  const queue = new QueryQueue({
    elapsedMs: () => elapsedMs,
    answer: (queries) => {
      const ids: number[] = [];
      for (const { id } of queries) {
        ids.push(id);
        elapsedMs += 1;
      }
      messages.push(ids);
    },
  });
  return { queue, messages };
}

it('answers rows before lists, and lists a slice at a time', () => {
  const { queue, messages } = aQueue();
  queue.listsAreFilled();
  queue.add([1, 2, 3, 4, 5].map(aList));
  queue.add([aRow(6), aRow(7)]);
  queue.turn();
  expect(messages).toEqual([
    [6, 7],
    [1, 2],
  ]);
  queue.add([aRow(8)]);
  queue.turn();
  expect(messages.slice(2)).toEqual([[8], [3, 4]]);
  queue.turn();
  expect(messages.slice(4)).toEqual([[5]]);
  expect(queue.isDue).toBe(false);
});

it('lets lists wait until they are filled, and nothing else', () => {
  const { queue, messages } = aQueue();
  queue.add([aList(1), aRow(2)]);
  queue.turn();
  expect(messages).toEqual([[2]]);
  expect(queue.isDue).toBe(false);
  queue.listsAreFilled();
  expect(queue.isDue).toBe(true);
  queue.turn();
  expect(messages).toEqual([[2], [1]]);
});
