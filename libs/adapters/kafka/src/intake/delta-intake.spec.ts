// The intake behind a consumer that the test plays: what it commits, seeks and lets rest. The same
// on real brokers is in test/integration and test/journeys.
import type { EmitDeltasCommand, EmitOutcome } from '@deltabook/application';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { DeltaIntake } from './delta-intake';
import { InFlight } from './in-flight';

const repeated = { kind: 'repeated' } as unknown as EmitOutcome;
const full = { kind: 'refused', code: 'STORE_FULL' } as EmitOutcome;

/** A write path whose outcomes wait until the test gives them, oldest first. */
class WritePath {
  readonly customers: string[] = [];
  private readonly waiting: (() => void)[] = [];
  outcome = repeated;

  emitDeltas({ deltas, sequence }: EmitDeltasCommand): Promise<EmitOutcome[]> {
    return new Promise((resolve) => {
      this.customers.push(...deltas.map(({ delta }) => delta.customerId));
      this.waiting.push(() => {
        const { outcome } = this;
        if (outcome.kind === 'refused') {
          for (const { delta } of deltas) sequence.refused(delta.customerId, outcome.code, 0);
        }
        resolve(deltas.map(() => outcome));
      });
    });
  }

  decide(): Promise<void> {
    this.waiting.shift()?.();
    return delay(5);
  }
}

/** A started intake with partitions 0 and 1; `log` is what it asks of its consumer. */
async function anIntake(commitIntervalMs = 1): Promise<{
  readonly intake: DeltaIntake;
  readonly path: WritePath;
  readonly log: string[];
  readonly letters: { writing: Promise<void> };
  join(partitions: readonly number[]): void;
  take(partition: number, from: number, more?: Partial<EachBatchPayload>): Promise<void>;
}> {
  const path = new WritePath();
  const log: string[] = [];
  const letters = { writing: Promise.resolve() };
  const listeners = new Map<string, (event: { payload: unknown }) => void>();
  let eachBatch: (payload: EachBatchPayload) => Promise<void> = () => Promise.resolve();
  const consumer = {
    events: { GROUP_JOIN: 'join', DISCONNECT: 'gone', CRASH: 'crash' },
    on: (name: string, listener: (event: { payload: unknown }) => void) =>
      listeners.set(name, listener),
    connect: () => Promise.resolve(),
    subscribe: () => Promise.resolve(),
    run: (config: { eachBatch: typeof eachBatch }) => {
      ({ eachBatch } = config);
      return Promise.resolve();
    },
    pause: () => log.push('pause all'),
    seek: ({ partition, offset }: { partition: number; offset: string }) =>
      log.push(`seek ${partition}:${offset}`),
    commitOffsets: (offsets: readonly { partition: number; offset: string }[]) => {
      for (const { partition, offset } of offsets) log.push(`commit ${partition}:${offset}`);
      return Promise.resolve();
    },
    disconnect: () => {
      log.push('disconnect');
      return Promise.resolve();
    },
  };
  const intake = new DeltaIntake({
    kafka: { consumer: () => consumer } as unknown as Kafka,
    bindings: [{ topic: 'deltas', tenant: 'acme', environment: 'sandbox' }],
    cluster: 'c',
    epoch: '0',
    groupId: 'g',
    deadLetters: { write: () => letters.writing },
    services: {
      emitDeltas: (command) => path.emitDeltas(command),
      readBody: (body) => ({ ...(body as { customerId: string }), nano: 1n, reason: 'usage' }),
      inFlight: new InFlight({ count: 4, byteCount: 10_000 }),
      bodyBytesMax: 100,
      handoverCountMax: 2,
      handoverBytesMax: 1_000,
      now: () => 1,
    },
    partitionsAtOnce: 2,
    fetchBytesMax: 1_000,
    partitionBytesMax: 1_000,
    fetchWaitMs: 1,
    commitIntervalMs,
    // Heartbeats every 5 ms.
    sessionTimeoutMs: 50,
    rebalanceTimeoutMs: 30_000,
    pauseMs: 1_000,
    pauseMsMax: 1_000,
    log: () => undefined,
  });
  await intake.start();
  const join = (partitions: readonly number[]): void =>
    listeners.get('join')?.({ payload: { memberAssignment: { deltas: partitions } } });
  join([0, 1]);
  const take = (
    partition: number,
    from: number,
    more: Partial<EachBatchPayload> = {},
  ): Promise<void> =>
    eachBatch({
      batch: {
        topic: 'deltas',
        partition,
        highWatermark: '100',
        messages: messages(from),
        // The marker of a transaction lies behind them.
        lastOffset: () => String(from + 4),
        firstOffset: () => String(from),
      },
      resolveOffset: (offset: string) => log.push(`resolve ${partition}:${offset}`),
      heartbeat: () => Promise.resolve(),
      pause: () => {
        log.push(`pause ${partition}`);
        return () => undefined;
      },
      isStale: () => false,
      ...more,
    } as unknown as EachBatchPayload);
  return { intake, path, log, letters, join, take };
}

/** Four messages of customers named after their offsets; at offset 50 one that nobody can read. */
const messages = (from: number): object[] =>
  [0, 1, 2, 3].map((i) => {
    const customerId = String(from + i);
    const value = Buffer.from(from + i === 50 ? '{' : JSON.stringify({ customerId }));
    return { offset: customerId, key: Buffer.from(customerId), value, headers: {} };
  });

it('fetches on before anything is decided, and commits what is durable, in order', async () => {
  const { path, log, take } = await anIntake();
  await take(0, 10);
  expect(log).toEqual(['resolve 0:13']);
  expect(path.customers).toEqual(['10', '11', '12', '13']);
  await path.decide();
  expect(log).toHaveLength(1);
  await path.decide();
  expect(log.slice(1)).toEqual(['commit 0:15']);
});

it('seeks what was refused for now and lets the partition rest', async () => {
  const { path, log, take } = await anIntake();
  await take(0, 10);
  const second = take(0, 15);
  await path.decide();
  path.outcome = full;
  await path.decide();
  for (let i = 0; i < 6; i += 1) await path.decide();
  await second;
  expect(log.filter((line) => /seek|pause|commit/.test(line))).toEqual([
    'pause 0',
    'seek 0:12',
    'commit 0:12',
  ]);
});

it('hands nothing more over in the next batch once one of a run was refused for now', async () => {
  const { path, log, take } = await anIntake();
  path.outcome = full;
  await take(0, 10);
  const second = take(0, 15);
  for (let i = 0; i < 6; i += 1) await path.decide();
  await second;
  expect(path.customers).toEqual(['10', '11', '12', '13']);
  expect(log.filter((line) => /seek|commit/.test(line))).toEqual(['seek 0:10', 'commit 0:10']);
});

it('reads again what found no room before its membership is in doubt', async () => {
  const { path, log, take } = await anIntake();
  await take(0, 10);
  const lost = new Error('no broker');
  const heartbeat = (): Promise<void> => Promise.reject(lost);
  const second = take(1, 20, { heartbeat });
  const ended = expect(second).rejects.toBe(lost);
  await delay(50);
  for (let i = 0; i < 4; i += 1) await path.decide();
  await ended;
  expect(path.customers.slice(4)).toEqual(['20', '21']);
  expect(log.filter((line) => /commit|seek/.test(line)).sort()).toEqual([
    'commit 0:15',
    'commit 1:22',
    'seek 1:22',
  ]);
});

it('commits nothing while dead letters cannot be written', async () => {
  const { path, log, letters, take } = await anIntake();
  letters.writing = Promise.reject(new Error('no broker'));
  await take(0, 50);
  await path.decide();
  await path.decide();
  expect(log.slice(1)).toEqual(['pause 0', 'seek 0:50']);
});

it('takes no note of letters that were written after a new assignment', async () => {
  const { path, log, letters, join, take } = await anIntake();
  let written = (): void => undefined;
  letters.writing = new Promise((resolve) => (written = resolve));
  await take(0, 50);
  await path.decide();
  await path.decide();
  join([0]);
  written();
  await delay(5);
  expect(log.slice(1)).toEqual(['seek 0:50']);
});

it('takes nothing of partitions that are not its own, or that are sought anew', async () => {
  const { path, log, join, take } = await anIntake();
  join([0]);
  await take(1, 10);
  await take(0, 10, { isStale: () => true });
  expect([path.customers, log]).toEqual([[], []]);
});

it('reads again what a new assignment finds under way, and commits nothing of before', async () => {
  const { path, log, join, take } = await anIntake(20);
  await take(0, 10);
  await path.decide();
  await path.decide();
  await take(1, 20);
  join([0, 1]);
  await path.decide();
  await path.decide();
  await delay(40);
  expect(log.slice(2)).toEqual(['seek 1:20']);
});

it('waits for what is under way and commits it before it leaves the group', async () => {
  const { intake, path, log, take } = await anIntake();
  await take(0, 10);
  const stopped = intake.stop();
  await take(1, 20);
  await turn();
  expect(log.slice(1)).toEqual(['pause all']);
  await path.decide();
  await path.decide();
  await stopped;
  expect(log.slice(2)).toEqual(['commit 0:15', 'disconnect']);
});
