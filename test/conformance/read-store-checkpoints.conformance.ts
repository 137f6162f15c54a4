// What every read store must do with checkpoints; called by describeReadStore().
import type { CheckpointPageRequest, Position, ReadStore } from '@deltabook/application';
import { referenceOf, type Emitter } from '../support/emitting';

export interface CheckpointSuite {
  readonly store: ReadStore;
  readonly emitter: Emitter;
  /** Of the running test, with no customers yet. */
  readonly tenant: string;
  readonly projected: (position: Position) => Promise<void>;
}

/** Registers the tests; `suite` gives what there is while one runs. */
export function describeCheckpoints(suite: () => CheckpointSuite): void {
  const store = (): ReadStore => suite().store;
  const emitter = (): Emitter => suite().emitter;
  const projected = (position: Position): Promise<void> => suite().projected(position);
  const of = (customerId: string) => ({ customerId, tenant: suite().tenant });
  const pageOf = (change: Partial<CheckpointPageRequest> = {}): CheckpointPageRequest => ({
    tenant: suite().tenant,
    environment: 'sandbox',
    reference: undefined,
    firstPeriod: '0000-01',
    lastPeriod: '9999-12',
    limit: 20,
    offset: 0,
    ...change,
  });
  const placesOf = async (change: Partial<CheckpointPageRequest> = {}): Promise<string[]> =>
    (await store().checkpointPage(pageOf(change))).checkpoints.map(
      ({ customerId, period, revision }) => `${customerId} ${period} ${revision}`,
    );

  it('keeps every checkpoint, and shows the last one with its customer', async () => {
    const position = await emitter().emit({ ...of('a'), nano: -5n }, { ...of('b'), nano: 1n });
    await projected(position);
    const [before] = await store().customers([referenceOf(of('a'))]);
    const proofRoot = before?.lastReceiptId ?? '';
    const first = await emitter().checkpoint({ ...of('a'), period: '2026-01' });
    const supersedes = first.revision;
    const openingBalance = '-0.000000001';
    const change = { supersedes, openingBalance, deltaCount: 0 };
    const second = await emitter().checkpoint({ ...of('a'), period: '2026-01' }, change);
    await projected(second.position);
    const { checkpoints, total } = await store().checkpointPage(pageOf());
    const [row] = await store().customers([referenceOf(of('a'))]);
    const common = {
      reference: referenceOf(of('a')),
      tenant: suite().tenant,
      environment: 'sandbox',
      customerId: 'a',
      period: '2026-01',
      sequence: 1,
      balanceNano: -5n,
      proofRoot,
    };
    expect(total).toBe(2);
    expect(checkpoints).toEqual([
      {
        ...common,
        ...{ revision: 3, supersedes: 2, supersededBy: null },
        ...{ openingNano: -1n, deltaCount: 0, committedAt: row?.lastRecordedAt },
      },
      {
        ...common,
        ...{ revision: 2, supersedes: null, supersededBy: 3 },
        ...{ openingNano: 0n, deltaCount: 1, committedAt: expect.any(Number) as number },
      },
    ]);
    expect(row).toMatchObject({ revision: 3, totalDeltas: 1, balanceNano: -5n });
    expect(row?.latestCheckpoint).toMatch(/^chk_/);
    const newest = await store().periodCheckpoints(
      ['a', 'b'].map((id) => referenceOf(of(id))),
      '2026-01',
    );
    expect(newest.map((checkpoint) => checkpoint?.revision)).toEqual([3, undefined]);
    expect(await store().periodCheckpoints([referenceOf(of('a'))], '2026-02')).toEqual([undefined]);
  });

  it('lists checkpoints by period, customer and page, newest first', async () => {
    await emitter().emit({ ...of('a'), nano: 1n }, { ...of('b'), nano: 1n });
    const order = ['a 2026-02', 'b 2026-01', 'a 2026-01', 'b 2026-02', 'a 2026-03'];
    for (const text of order) {
      const [customerId = '', period = ''] = text.split(' ');
      await projected((await emitter().checkpoint({ ...of(customerId), period })).position);
    }
    const newestFirst = ['a 2026-03 4', 'b 2026-02 3', 'a 2026-02 2', 'a 2026-01 3', 'b 2026-01 2'];
    expect(await placesOf()).toEqual(newestFirst);
    expect(await placesOf({ limit: 2, offset: 1 })).toEqual(newestFirst.slice(1, 3));
    expect((await store().checkpointPage(pageOf({ offset: 9 }))).total).toBe(5);
    const february = { firstPeriod: '2026-02', lastPeriod: '2026-02' };
    expect(await placesOf(february)).toEqual(newestFirst.slice(1, 3));
    expect((await store().checkpointPage(pageOf(february))).total).toBe(2);
    const reference = referenceOf(of('a'));
    expect(await placesOf({ reference, firstPeriod: '2026-02' })).toEqual([
      'a 2026-03 4',
      'a 2026-02 2',
    ]);
    expect((await store().checkpointPage(pageOf({ reference }))).total).toBe(3);
    for (const other of [{ environment: 'production' }, { tenant: 'nobody' }] as const) {
      expect(await store().checkpointPage(pageOf(other))).toEqual({ checkpoints: [], total: 0 });
      expect(await placesOf({ reference, ...other })).toEqual([]);
    }
  });
}
