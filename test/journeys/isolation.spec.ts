// Nothing of one tenant or environment can be reached with a key of another, by any way that reads.
import { runCli } from '../support/cli-process';
import { aDataDir, startService, type ServiceProcess } from '../support/service-process';

const BALANCE = '/api/v1/balance';
const KEY = /pk_(?:test|live)_[0-9a-f]{16}\.[0-9a-f]{48}/;

const dataDir = aDataDir();
const foreignKeys = new Map<string, string>();
let service: ServiceProcess;
let recordId = '';

async function createdKey(tenant: string, environment: string): Promise<string> {
  const args = ['keys', 'create', '--tenant', tenant, '--environment', environment];
  const { stdout } = await runCli(args, { DATA_DIR: dataDir });
  return KEY.exec(stdout)?.[0] ?? '';
}

beforeAll(async () => {
  service = await startService(dataDir);
  await runCli(['tenants', 'create', 'other'], { DATA_DIR: dataDir });
  foreignKeys.set('another environment', await createdKey('default', 'production'));
  foreignKeys.set('another tenant', await createdKey('other', 'sandbox'));
  const delta = { customerId: 'cust_001', delta: 500, reason: 'initial_deposit' };
  const emitted = await service.post(`${BALANCE}/delta`, delta);
  const data: { recordId: string; position: string } = emitted.body.data;
  recordId = data.recordId;
  const own = await service.get(`${BALANCE}/delta/${recordId}?minPosition=${data.position}`);
  expect(own.body.data).toMatchObject({ recordId, customerId: 'cust_001' });
});
afterAll(() => service.stop('SIGTERM'));

describe.each(['another environment', 'another tenant'])('with a key of %s', (whose) => {
  const get = (path: string) =>
    service.get(`${BALANCE}/${path}`, { 'X-Api-Key': foreignKeys.get(whose) ?? '' });

  it('a delta is not found by its recordId', async () => {
    const reply = await get(`delta/${recordId}`);
    expect([reply.status, reply.body.error]).toMatchObject([404, { code: 'RECORD_NOT_FOUND' }]);
  });

  it.each(['customers/cust_001', 'derive/cust_001'])('%s is not found', async (path) => {
    const reply = await get(path);
    expect([reply.status, reply.body.error]).toMatchObject([404, { code: 'CUSTOMER_NOT_FOUND' }]);
  });

  it('lists and summaries are empty', async () => {
    const list = await get('customers');
    expect(list.body.data).toMatchObject({ customers: [], totals: { customers: 0, deltas: 0 } });
    expect((await get('customers/summary')).body.data).toMatchObject({ totalCustomers: 0 });
  });

  it('a delta for the same customerId is another record', async () => {
    const key = foreignKeys.get(whose) ?? '';
    const delta = { customerId: 'cust_001', delta: -1, reason: 'usage' };
    const headers = { 'X-Api-Key': key };
    const emitted = await service.post(`${BALANCE}/delta`, delta, headers);
    expect(emitted.body.data).toMatchObject({ sequenceNumber: 1, computedBalance: -1 });
    const { position } = emitted.body.data as { position: string };
    const own = await service.get(`${BALANCE}/customers/cust_001?minPosition=${position}`);
    expect(own.body.data).toMatchObject({ totalDeltas: 1, computedBalance: 500 });
  });
});
