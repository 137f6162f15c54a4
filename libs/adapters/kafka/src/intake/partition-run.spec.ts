import { DeltaSequence } from '@deltabook/application';
import { setImmediate as turn } from 'node:timers/promises';
import type { PartitionBatch, Settled } from './partition-batch';
import { PartitionRun, PartitionRuns } from './partition-run';

interface Step {
  readonly batch: PartitionBatch;
  handedOver(): void;
  decided(): void;
}

/** A batch whose handing over and outcome the test brings about; `log` tells what was asked. */
function aStep(name: string, log: string[]): Step {
  let handedOver = (): void => undefined;
  let decided = (): void => undefined;
  const handing = new Promise<void>((resolve) => (handedOver = resolve));
  const deciding = new Promise<Settled>((resolve) => {
    decided = () => {
      resolve({ count: 1, letters: [], emittedCount: 1, repeatedCount: 0, heldBy: undefined });
    };
  });
  const batch = {
    handOver: () => {
      log.push(`${name} handed over`);
      return handing;
    },
    settle: () => deciding,
    stop: () => log.push(`${name} stopped`),
    firstOffset: `${name}0`,
  } as unknown as PartitionBatch;
  return { batch, handedOver, decided };
}

/** A run with three batches of which the first two were taken. */
function aRun(): { run: PartitionRun; log: string[]; steps: Step[]; take: (at: number) => void } {
  const log: string[] = [];
  const steps = ['a', 'b', 'c'].map((name) => aStep(name, log));
  const run = new PartitionRun({ topic: 'deltas', partition: 0 });
  const take = (at: number): void => {
    const name = 'abc'.charAt(at);
    const { batch } = steps[at] as Step;
    const settle = (): Promise<void> => {
      log.push(`${name} settled`);
      return Promise.resolve();
    };
    void run.take(batch, settle).then(() => log.push(`${name} taken`));
  };
  return { run, log, steps, take };
}

it('takes the next batch while one is decided, and no third', async () => {
  const { log, steps, take } = aRun();
  take(0);
  steps[0]?.handedOver();
  await turn();
  expect(log).toEqual(['a handed over', 'a taken']);
  take(1);
  steps[1]?.handedOver();
  await turn();
  expect(log.slice(2)).toEqual(['b handed over']);
  steps[0]?.decided();
  await turn();
  expect(log.slice(3)).toEqual(['a settled', 'b taken']);
});

it('settles in order, whichever is decided first', async () => {
  const { run, log, steps, take } = aRun();
  for (const at of [0, 1, 2]) take(at);
  for (const step of steps) step.handedOver();
  steps[2]?.decided();
  steps[1]?.decided();
  await turn();
  expect(log.filter((line) => line.endsWith('settled'))).toEqual([]);
  steps[0]?.decided();
  await run.settled();
  expect(log.filter((line) => line.endsWith('settled'))).toEqual([
    'a settled',
    'b settled',
    'c settled',
  ]);
});

it('stops what is handed over and takes no note of it once it has ended', async () => {
  const { run, log, steps, take } = aRun();
  take(0);
  take(1);
  for (const step of steps) step.handedOver();
  steps[0]?.decided();
  await turn();
  run.end();
  steps[1]?.decided();
  await run.settled();
  expect(log.filter((line) => /settled|stopped/.test(line))).toEqual(['a settled', 'b stopped']);
  expect(run.isOver).toBe(true);
});

it('is over once a delta of one of its batches was refused for now', () => {
  const run = new PartitionRun({ topic: 'deltas', partition: 0 });
  expect(run.sequence).toBeInstanceOf(DeltaSequence);
  expect(run.isOver).toBe(false);
  run.sequence.refused('cust_a', 'STORE_FULL', run.sequence.nextPlace());
  expect(run.isOver).toBe(true);
});

it('says from where to read again what is under way of partitions that stay', async () => {
  const log: string[] = [];
  const settle = (): Promise<void> => Promise.resolve();
  const runs = new PartitionRuns();
  expect(runs.of('deltas', 0)).toBeUndefined();
  expect(runs.assign({ deltas: [0, 1, 2] })).toEqual([]);
  const steps = ['a', 'b', 'c', 'd'].map((name) => aStep(name, log));
  const partitions = [0, 0, 1, 2];
  const before = runs.of('deltas', 0);
  for (const [i, { batch, handedOver }] of steps.entries()) {
    void runs.of('deltas', partitions[i] ?? 0)?.take(batch, settle);
    handedOver();
  }
  steps[0]?.decided();
  steps[3]?.decided();
  await turn();
  const again = runs.assign({ deltas: [0, 2, 3] });
  expect(again).toEqual([{ topic: 'deltas', partition: 0, offset: 'b0' }]);
  expect(log.slice(4)).toEqual(['b stopped', 'c stopped']);
  expect(runs.of('deltas', 1)).toBeUndefined();
  expect(runs.of('deltas', 0)).not.toBe(before);
});
