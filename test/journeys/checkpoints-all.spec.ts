// Checkpoints for all customers against the built service: asked for once, killed in the middle,
// carried on after the restart, and made anew only where something was added.
import { PacSpace, type CheckpointsReply } from '@deltabook/sdk';
import { aDataDir, API_KEY, startService, type ServiceProcess } from '../support/service-process';
import { until } from '../support/until';

const CUSTOMERS_COUNT = 600;
const BATCH_COUNT = 300;
/** Slow enough to be killed in the middle. */
const ONE_BY_ONE = { CHECKPOINTS_IN_FLIGHT_MAX: '1', CHECKPOINT_PAGE_MAX: '7' };
const dataDir = aDataDir();

let service: ServiceProcess;
let pac: PacSpace;

async function start(environment: Record<string, string> = {}): Promise<void> {
  service = await startService(dataDir, environment);
  pac = new PacSpace({ apiKey: API_KEY, baseUrl: service.baseUrl });
}

const standing = async (id: string): Promise<CheckpointsReply> =>
  (await pac.balance.checkpointStatus(id)) as CheckpointsReply;
const done = (id: string): Promise<CheckpointsReply> =>
  until(
    () => standing(id),
    ({ status }) => status === 'VERIFIED',
  );
const total = async (): Promise<number> =>
  (await pac.balance.listCheckpoints({ limit: 1 })).pagination.total;

describe('checkpoints for all customers', () => {
  beforeAll(async () => {
    await start(ONE_BY_ONE);
    for (let i = 0; i < CUSTOMERS_COUNT; i += BATCH_COUNT) {
      const deltas = Array.from({ length: BATCH_COUNT }, (_, j) => ({
        ...{ customerId: `cust_${i + j}`, delta: i + j + 1, reason: 'usage' },
      }));
      await pac.balance.emitBatch(deltas);
    }
  });
  afterAll(async () => {
    await service.stop('SIGTERM');
  });

  let id = '';

  it('are queued, and go on after a kill in the middle', async () => {
    const asked = await pac.balance.checkpoint();
    id = asked.checkpointId;
    expect(asked).toMatchObject({ status: 'QUEUED', completedAt: null });
    expect(id).toMatch(/^chk_all_/);
    const { progress } = await until(
      () => standing(id),
      (now) => now.status === 'PROCESSING' && (now.progress?.committed ?? 0) >= 20,
    );
    await service.stop('SIGKILL');
    expect(progress?.customers).toBe(CUSTOMERS_COUNT);
    expect(progress?.committed).toBeLessThan(CUSTOMERS_COUNT);
    await start();
    const finished = await done(id);
    expect(finished.progress).toEqual({
      ...{ customers: CUSTOMERS_COUNT, committed: CUSTOMERS_COUNT, empty: 0, fenced: 0 },
    });
    expect(finished.completedAt).not.toBeNull();
  });

  it('each customer has one, with its own balance', async () => {
    const seen = new Map<string, number>();
    for await (const { customerId, finalBalance } of pac.balance.listCheckpoints({ limit: 250 })) {
      expect(seen.has(customerId)).toBe(false);
      seen.set(customerId, finalBalance);
    }
    expect(seen.size).toBe(CUSTOMERS_COUNT);
    for (const [customerId, balance] of seen) expect(customerId).toBe(`cust_${balance - 1}`);
  });

  it('are the same while nothing is added, then new ones where something was', async () => {
    expect(await pac.balance.checkpoint()).toMatchObject({ checkpointId: id, status: 'VERIFIED' });
    await pac.balance.emit('cust_7', 100, 'usage');
    const { checkpointId } = await pac.balance.checkpoint();
    expect(checkpointId).not.toBe(id);
    await done(checkpointId);
    expect(await total()).toBe(CUSTOMERS_COUNT + 1);
    const customer = await pac.balance.customer('cust_7');
    const latest = await pac.balance.checkpointStatus(customer.latestCheckpoint ?? '');
    expect(latest).toMatchObject({ customerId: 'cust_7', finalBalance: 108, deltaCount: 2 });
  });

  it('are refused for the future, and not found by anybody who did not ask', async () => {
    const future = pac.balance.checkpoint(undefined, { period: '9999-12' });
    await expect(future).rejects.toMatchObject({ code: 'PERIOD_IN_FUTURE', statusCode: 400 });
    for (const unknown of ['chk_all_aaaaaaaa', 'chk_x', `chk_${'a'.repeat(40)}`]) {
      await expect(standing(unknown)).rejects.toMatchObject({ code: 'CHECKPOINT_NOT_FOUND' });
    }
  });
});
