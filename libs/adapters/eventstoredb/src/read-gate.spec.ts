import { ReadGate, ReadsOverloadedError } from './read-gate';

it('lets a few run, more wait in order, and refuses the rest', async () => {
  const gate = new ReadGate(2, 2);
  const finish: (() => void)[] = [];
  const order: number[] = [];
  const read = (n: number): Promise<number> =>
    gate.run(async () => {
      order.push(n);
      await new Promise<void>((done) => finish.push(done));
      return n;
    });
  const reads = [1, 2, 3, 4].map(read);
  await expect(read(5)).rejects.toThrow(ReadsOverloadedError);
  while (order.length < 4) {
    finish.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const done of finish) done();
  expect(await Promise.all(reads)).toEqual([1, 2, 3, 4]);
  expect(order).toEqual([1, 2, 3, 4]);
});

it('lets the next one in after a failure', async () => {
  const gate = new ReadGate(1, 1);
  const failing = gate.run(() => Promise.reject(new Error('gone')));
  const next = gate.run(() => Promise.resolve('read'));
  await expect(failing).rejects.toThrow('gone');
  expect(await next).toBe('read');
});
