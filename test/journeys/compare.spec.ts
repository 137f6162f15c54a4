// A balance derived from wherever one likes, and two claims compared with it: the SDK against the
// built service.
import { PacSpace, type DerivedDelta } from '@deltabook/sdk';
import { aDataDir, API_KEY, startService, type ServiceProcess } from '../support/service-process';

const CUSTOMER = 'acme:1';
const AMOUNTS = ['100', '-0.000000001', '2500.25', '-33', '1', '-7.75'];
const TOTAL = '2560.499999999';
const OTHERS_COUNT = 120;

let service: ServiceProcess;
let pac: PacSpace;
/** recordId, receiptId and, where one was made, checkpointId after each delta. */
const places: { readonly names: readonly string[]; readonly balance: string }[] = [];
let month = '';

const rowsOf = async (options: object): Promise<DerivedDelta[]> => {
  const rows: DerivedDelta[] = [];
  for await (const row of pac.balance.derive(CUSTOMER, { limit: 2, ...options })) rows.push(row);
  return rows;
};

describe('derive and compare', () => {
  beforeAll(async () => {
    service = await startService(aDataDir());
    pac = new PacSpace({ apiKey: API_KEY, baseUrl: service.baseUrl });
    await pac.balance.emitBatch(
      Array.from({ length: OTHERS_COUNT }, (_, i) => ({
        ...{ customerId: `other${i % 3}`, delta: i + 1, reason: 'noise' },
      })),
    );
    for (const [i, amount] of AMOUNTS.entries()) {
      const emitted = await pac.balance.emit(CUSTOMER, amount, 'usage');
      const names = [emitted.recordId, emitted.receiptId];
      if (i % 2 === 0) names.push((await pac.balance.checkpoint(CUSTOMER)).checkpointId);
      places.push({ names, balance: emitted.computedBalanceDecimal });
      month = emitted.recordedAt.slice(0, 'YYYY-MM'.length);
    }
  });
  afterAll(async () => {
    await service.stop('SIGTERM');
  });

  it('from any checkpoint, record or root the balance is the one from zero', async () => {
    expect((await pac.balance.derive(CUSTOMER)).computedBalanceDecimal).toBe(TOTAL);
    for (const [i, { names, balance }] of places.entries()) {
      for (const startingCheckpoint of names) {
        const derived = await pac.balance.derive(CUSTOMER, { startingCheckpoint });
        expect(derived).toMatchObject({
          computedBalanceDecimal: TOTAL,
          startingBalanceDecimal: balance,
          startingSequenceNumber: i + 1,
          deltaCount: AMOUNTS.length - i - 1,
          startingCheckpoint,
        });
      }
    }
  });

  it('takes every name of a type, and the balance that the caller had there', async () => {
    const [recordId = '', receiptId = '', checkpointId = ''] = places[2]?.names ?? [];
    const named = [
      ['itemsRoot', receiptId],
      ['proofRoot', receiptId],
      ['anchorId', recordId],
      ['recordId', recordId],
      ['itemsRoot', checkpointId],
    ] as const;
    for (const [startingCheckpointType, startingCheckpoint] of named) {
      const options = { startingCheckpoint, startingCheckpointType, startingBalance: '1000' };
      const derived = await pac.balance.derive(CUSTOMER, options);
      expect(derived.computedBalanceDecimal).toBe('960.25');
    }
  });

  it('gives the deltas after it, by pages', async () => {
    const [startingCheckpoint] = places[0]?.names ?? [];
    const rows = await rowsOf({ startingCheckpoint });
    expect(rows.map(({ sequenceNumber }) => sequenceNumber)).toEqual([2, 3, 4, 5, 6]);
    expect(rows.at(-1)?.computedBalanceDecimal).toBe(TOTAL);
  });

  it('of this month is all there is, of others nothing', async () => {
    const now = await pac.balance.deriveCurrentMonth(CUSTOMER);
    expect(now).toMatchObject({ computedBalanceDecimal: TOTAL, period: month, deltaCount: 6 });
    const before = await pac.balance.deriveForPeriod(CUSTOMER, '2020-02');
    expect(before).toMatchObject({ computedBalance: 0, deltaCount: 0, deltas: [] });
    expect(await pac.balance.deriveDaysBack(CUSTOMER, 2)).toMatchObject({ deltaCount: 6 });
  });

  it('two claims that agree both match, and one that does not is named', async () => {
    const agreeing = await pac.balance.compare(CUSTOMER, { yours: TOTAL, theirs: TOTAL });
    expect(agreeing).toMatchObject({
      neutralBalanceDecimal: TOTAL,
      matchesYours: true,
      matchesTheirs: true,
      yourDiscrepancy: 0,
      theirDiscrepancy: 0,
    });
    const disagreeing = await pac.balance.compare(CUSTOMER, { yours: 2560.5, theirs: TOTAL });
    expect(disagreeing).toMatchObject({
      matchesYours: false,
      matchesTheirs: true,
      yourDiscrepancyDecimal: '0.000000001',
    });
    const [startingCheckpoint = ''] = places[3]?.names ?? [];
    const claims = { yours: '-6.75', theirs: '-6.76' };
    const options = { startingCheckpoint, startingBalance: 0 };
    expect(await pac.balance.compare(CUSTOMER, claims, options)).toMatchObject({
      ...{ matchesYours: true, matchesTheirs: false, theirDiscrepancy: -0.01, deltaCount: 2 },
    });
    const ofMonth = await pac.balance.compare(
      CUSTOMER,
      { yours: TOTAL, theirs: 0 },
      { period: month },
    );
    expect(ofMonth).toMatchObject({ matchesYours: true, matchesTheirs: false });
  });

  it('starts neither from what is another customer’s, nor in two ways at once', async () => {
    const [recordId = '', receiptId = '', checkpointId = ''] = places[0]?.names ?? [];
    const refused = (customerId: string, options: object): Promise<unknown> =>
      pac.balance.compare(customerId, { yours: 0, theirs: 0 }, options);
    for (const startingCheckpoint of [recordId, receiptId, checkpointId]) {
      await expect(refused('other1', { startingCheckpoint })).rejects.toMatchObject({
        code: 'CHECKPOINT_NOT_FOUND',
        statusCode: 404,
      });
      await expect(refused(CUSTOMER, { startingCheckpoint, period: month })).rejects.toMatchObject({
        code: 'INVALID_SCOPE_COMBINATION',
        statusCode: 400,
      });
    }
    await expect(refused('nobody', {})).rejects.toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
  });

  it('lists checkpoints through the SDK, each once', async () => {
    const ids: string[] = [];
    for await (const checkpoint of pac.balance.listCheckpoints({
      customerId: CUSTOMER,
      limit: 1,
    })) {
      ids.push(checkpoint.checkpointId);
    }
    expect(ids.reverse()).toEqual(places.flatMap(({ names }) => names[2] ?? []));
  });
});
