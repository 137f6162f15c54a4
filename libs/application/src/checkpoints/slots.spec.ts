// No more tasks at once than there are places, each begun in the order of asking.
import { Slots } from './slots';

const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('runs as many at once as there are places, in order, also when one fails', async () => {
  const slots = new Slots(3);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const task = (i: number) => async (): Promise<number> => {
    begun.push(i);
    running += 1;
    most = Math.max(most, running);
    for (let turns = i % 4; turns >= 0; turns -= 1) await aTurn();
    running -= 1;
    if (i % 5 === 0) throw new Error(`${i}`);
    return i;
  };
  const all = Array.from({ length: 20 }, (_, i) => slots.run(task(i)));
  const settled = await Promise.allSettled(all);
  expect(most).toBe(3);
  expect(begun).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(4);
  expect(await slots.run(task(1))).toBe(1);
});
