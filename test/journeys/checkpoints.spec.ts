// Checkpoints of one customer, against the built service as its own process.
import {
  aDataDir,
  startService,
  type Reply,
  type ServiceProcess,
} from '../support/service-process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const BALANCE = '/api/v1/balance';
const PERIOD_LENGTH = 'YYYY-MM'.length;

interface Checkpoint {
  readonly checkpointId: string;
  readonly position: string;
  readonly proofRoot: string;
  readonly supersedes: string | null;
  readonly createdAt: string;
}

const dataDir = aDataDir();
let service: ServiceProcess;

const emit = (customerId: string, delta: number): Promise<Reply> =>
  service.post(`${BALANCE}/delta`, { customerId, delta, reason: 'usage' });
const commit = (body: object): Promise<Reply> => service.post(`${BALANCE}/checkpoint`, body);
const dataOf = (reply: Reply): Checkpoint => reply.body.data;
const errorOf = (reply: Reply): object => ({
  status: reply.status,
  ...(reply.body.error as object),
});
const listed = async (query: string): Promise<readonly Checkpoint[]> => {
  const reply = await service.get(`${BALANCE}/checkpoints${query}`);
  expect(reply.status).toBe(200);
  return (reply.body.data as { checkpoints: readonly Checkpoint[] }).checkpoints;
};
function deleteReadModels(folder: string): void {
  const files = readdirSync(folder).filter((name) => name.startsWith('read-models-'));
  for (const name of files) rmSync(join(folder, name));
}

/** The UTC month of a time, or one some months away from it. */
const monthOf = (time: string, monthsLater = 0): string => {
  const date = new Date(time);
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + monthsLater);
  return date.toISOString().slice(0, PERIOD_LENGTH);
};

describe('checkpoints', () => {
  beforeAll(async () => {
    service = await startService(dataDir);
  });
  afterAll(async () => {
    await service.stop('SIGTERM');
  });

  it('lock what was just emitted, and are the same while nothing is added', async () => {
    await emit('alice', 500);
    const emitted = await emit('alice', -20.25);
    const { receiptId, position } = emitted.body.data as { receiptId: string; position: string };
    const reply = await commit({ customerId: 'alice' });
    expect(reply.status).toBe(201);
    const first = dataOf(reply);
    expect(first).toMatchObject({
      customerId: 'alice',
      period: monthOf(first.createdAt),
      status: 'VERIFIED',
      proofRoot: receiptId,
      merkleRoot: receiptId,
      itemsRoot: receiptId,
      deltaCount: 2,
      sequenceNumber: 2,
      startingBalance: 0,
      finalBalance: 479.75,
      finalBalanceDecimal: '479.75',
      supersedes: null,
    });
    expect(BigInt(first.position)).toBeGreaterThan(BigInt(position));
    const again = dataOf(await commit({ customerId: 'alice', period: monthOf(first.createdAt) }));
    const { checkpointId } = first;
    expect(again).toMatchObject({ checkpointId, idempotent: true, createdAt: first.createdAt });
    const customer = await service.get(`${BALANCE}/customers/alice?minPosition=${first.position}`);
    expect(customer.body.data).toMatchObject({ latestCheckpoint: checkpointId, totalDeltas: 2 });
  });

  it('give way to a later one that names them, once something was added', async () => {
    const [first] = await listed('?customerId=alice');
    await emit('alice', 1);
    const second = dataOf(await commit({ customerId: 'alice' }));
    expect(second).toMatchObject({ supersedes: first?.checkpointId, finalBalance: 480.75 });
    const both = await listed(`?customerId=alice&minPosition=${second.position}`);
    expect(both).toMatchObject([
      { checkpointId: second.checkpointId, supersededBy: null },
      { checkpointId: first?.checkpointId, supersededBy: second.checkpointId },
    ]);
  });

  it('are listed by month, by dates that touch it, and by page', async () => {
    await emit('bob', 1);
    const { checkpointId, createdAt, position } = dataOf(await commit({ customerId: 'bob' }));
    const after = `minPosition=${position}`;
    const month = monthOf(createdAt);
    const ids = async (query: string) =>
      (await listed(`?${after}&${query}`)).map((checkpoint) => checkpoint.checkpointId);
    const all = await ids('');
    expect(all).toHaveLength(3);
    expect(all[0]).toBe(checkpointId);
    expect(await ids(`period=${month}`)).toEqual(all);
    expect(await ids(`startDate=${month}-02&endDate=${month}-03`)).toEqual(all);
    expect(await ids('limit=1&offset=1')).toEqual(all.slice(1, 2));
    expect(await ids(`period=${monthOf(createdAt, -1)}`)).toEqual([]);
    expect(await ids('customerId=bob&timePreset=current_month')).toEqual([checkpointId]);
  });

  it('are refused for what is not there, or not yet', async () => {
    const now = (await emit('carol', 1)).body.data as { recordedAt: string };
    const next = monthOf(now.recordedAt, 1);
    const refused = async (body: object) => errorOf(await commit(body));
    expect(await refused({ customerId: 'carol', period: next })).toMatchObject({
      status: 400,
      code: 'PERIOD_IN_FUTURE',
      field: 'period',
    });
    const before = monthOf(now.recordedAt, -1);
    expect(await refused({ customerId: 'carol', period: before })).toMatchObject({
      status: 422,
      code: 'NOTHING_TO_CHECKPOINT',
    });
    expect(await refused({ customerId: 'nobody' })).toMatchObject({
      status: 404,
      code: 'CUSTOMER_NOT_FOUND',
    });
    expect(await refused({ customerId: 'a b' })).toMatchObject({ code: 'INVALID_CUSTOMER_ID' });
    for (const period of ['2026-13', '2026-1', '', 202601]) {
      expect(await refused({ customerId: 'carol', period })).toMatchObject({
        status: 400,
        code: 'VALIDATION_FAILED',
        field: 'period',
      });
    }
  });

  it('take their month in every way that names one, and no other scope', async () => {
    const now = (await emit('dave', 1)).body.data as { recordedAt: string };
    const [month, next] = [monthOf(now.recordedAt), monthOf(now.recordedAt, 1)];
    const ids: string[] = [];
    for (const scope of [
      {},
      { period: month },
      { timePreset: 'current_month' },
      { startDate: `${month}-01`, endDate: `${next}-01` },
      { timePreset: 'custom', startDate: `${month}-01`, endDate: `${next}-01T00:00:00Z` },
    ]) {
      ids.push(dataOf(await commit({ customerId: 'dave', ...scope })).checkpointId);
    }
    expect(new Set(ids).size).toBe(1);
    const refused = async (scope: object) =>
      errorOf(await commit({ customerId: 'dave', ...scope }));
    for (const scope of [
      { startDate: `${month}-01` },
      { startDate: `${month}-02`, endDate: `${next}-01` },
    ]) {
      expect(await refused(scope)).toMatchObject({ code: 'VALIDATION_FAILED', field: 'startDate' });
    }
    const mixed = { period: month, timePreset: 'current_month' };
    expect(await refused(mixed)).toMatchObject({ code: 'INVALID_SCOPE_COMBINATION' });
  });

  it('are not listed by scopes that contradict themselves', async () => {
    for (const query of ['period=2026-04&timePreset=custom', 'timePreset=custom']) {
      const reply = await service.get(`${BALANCE}/checkpoints?${query}`);
      expect(errorOf(reply)).toMatchObject({ status: 400, code: 'INVALID_SCOPE_COMBINATION' });
    }
    const reply = await service.get(`${BALANCE}/checkpoints?customerId=nobody`);
    expect(errorOf(reply)).toMatchObject({ status: 404, code: 'CUSTOMER_NOT_FOUND' });
  });

  it('outlive a kill, and the deletion of every read model', async () => {
    const before = await listed('');
    await service.stop('SIGKILL');
    deleteReadModels(dataDir);
    service = await startService(dataDir);
    expect(await listed('')).toEqual(before);
    const again = dataOf(await commit({ customerId: 'bob' }));
    expect(before.map(({ checkpointId }) => checkpointId)).toContain(again.checkpointId);
  });
});
