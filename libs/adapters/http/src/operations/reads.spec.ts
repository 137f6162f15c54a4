// Reads over a query bus that finds what the spec says: what is asked, and what replies hold.
import {
  DeriveBalanceQuery,
  GetCustomerQuery,
  GetDeltaQuery,
  ListCustomersQuery,
  SummarizeCustomersQuery,
  type CustomerRow,
  type DeltaView,
} from '@deltabook/application';
import {
  CustomerListReply,
  CustomerReply,
  CustomersSummaryReply,
  DeltaReply,
  DeriveReply,
  schemaOf,
  type ContractClass,
} from '@deltabook/contracts';
import Ajv from 'ajv';
import { openDoors } from '../../../../../test/support/http-doors';

const row: CustomerRow = {
  reference: '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  tenant: 'acme',
  environment: 'sandbox',
  customerId: 'cust:1',
  revision: 42,
  totalDeltas: 42,
  verifiedDeltas: 0,
  sealedAt: null,
  sealedRoot: null,
  balanceNano: 4_500_000_000_000n,
  lastReceiptId: '0xaa',
  lastRecordedAt: 3,
  firstActivity: 0,
  lastActivity: 0,
  latestCheckpoint: null,
  fenced: false,
  fencedFromSequence: null,
};
const view = {
  recordId: 'rec_123',
  receiptId: '0xaa',
  contentHash: '0xbb',
  previousProofHash: '0xcc',
  sequence: 3,
  nano: 100_000_000_000n,
  balanceNano: 4_500_000_000_000n,
  reason: 'deposit',
  referenceId: 'txn_01',
  metadata: undefined,
  adjusts: undefined,
  status: 'QUEUED',
  recordedAt: '2026-03-01T00:00:00.000Z',
  occurredAt: undefined,
  time: '2026-03-01T00:00:00.000Z',
} as DeltaView;
const totals = {
  customers: 2,
  deltas: 43,
  verifiedDeltas: 0,
  balanceNano: 1n,
  fenced: 0,
  firstActivity: 0,
  lastActivity: 0,
};
const found = (value: object): object => ({ kind: 'found', position: 7n, value });
const scope = { tenant: 'acme', environment: 'sandbox', minPosition: undefined };

const ajv = new Ajv({ allowUnionTypes: true });
function expectForm(contract: ContractClass, data: unknown): void {
  ajv.validate(schemaOf(contract), data);
  expect(ajv.errors).toBeNull();
}

describe('GET customers', () => {
  const answer = found({ customers: [row], total: 26, totals });

  it('asks for the first page in order of appearance', async () => {
    const { get, messages } = openDoors(() => answer);
    const { status, body } = await get('/api/v1/balance/customers');
    expect(status).toBe(200);
    expect(messages).toEqual([
      new ListCustomersQuery(scope as never, {
        search: '',
        sortBy: 'firstAppearance',
        sortOrder: 'asc',
        page: 1,
        limit: 25,
      }),
    ]);
    expect(body.data).toMatchObject({
      customers: [{ customerId: 'cust:1', totalDeltas: 42, computedBalance: 4500 }],
      pagination: { page: 1, limit: 25, total: 26, totalPages: 2 },
      totals: { customers: 2, deltas: 43, computedBalanceDecimal: '0.000000001' },
      position: '7',
    });
    expectForm(CustomerListReply, body.data);
  });

  it('takes page, order, search and minPosition as they are written', async () => {
    const { get, messages } = openDoors(() => answer);
    const query = 'page=2&limit=100&search=%25_%2F&sortBy=balance&sortOrder=desc&minPosition=12';
    expect((await get(`/api/v1/balance/customers?${query}`)).status).toBe(200);
    expect(messages).toEqual([
      new ListCustomersQuery({ ...scope, minPosition: 12n } as never, {
        search: '%_/',
        sortBy: 'balance',
        sortOrder: 'desc',
        page: 2,
        limit: 100,
      }),
    ]);
  });

  it('says what is projected where minPosition is not', async () => {
    const refused = { kind: 'refused', code: 'POSITION_NOT_REACHED', position: 5n };
    const { get } = openDoors(() => refused);
    const { status, headers, body } = await get('/api/v1/balance/customers?minPosition=12');
    expect([status, headers['retry-after']]).toEqual([503, '1']);
    expect(body.error).toMatchObject({ code: 'POSITION_NOT_REACHED', position: '5' });
  });
});

it('GET customers/summary is no customer', async () => {
  const { get, messages } = openDoors(() => found(totals));
  const { status, body } = await get('/api/v1/balance/customers/summary');
  expect(status).toBe(200);
  expect(messages).toEqual([new SummarizeCustomersQuery(scope as never)]);
  expect(body.data).toMatchObject({ totalCustomers: 2, totalDeltas: 43 });
  expectForm(CustomersSummaryReply, body.data);
});

describe('GET customers/:customerId', () => {
  const record = { row, activity: [view], nextCursor: 22 };
  const PATH = '/api/v1/balance/customers/cust%3A1';

  it('shows the newest activity', async () => {
    const { get, messages } = openDoors(() => found(record));
    const { status, body } = await get(PATH);
    expect(status).toBe(200);
    const activity = { page: 1, limit: 20, cursor: undefined, filter: undefined };
    expect(messages).toEqual([new GetCustomerQuery(scope as never, 'cust:1', activity)]);
    expect(body.data).toMatchObject({
      customerId: 'cust:1',
      recentActivity: {
        items: [{ delta: 100, status: 'queued', time: '2026-03-01T00:00:00.000Z' }],
        pagination: { page: 1, limit: 20, total: 42, totalPages: 3 },
        nextCursor: '22',
      },
    });
    expectForm(CustomerReply, body.data);
  });

  it('takes filters, for which pages are not counted', async () => {
    const { get, messages } = openDoors(() => found({ ...record, nextCursor: undefined }));
    const query =
      'deltaPage=1&deltaLimit=5&cursor=30&status=verified&reason=dep&referenceId=txn_01' +
      '&startDate=2026-01-01&endDate=2026-02-01T00%3A00%3A00%2B01%3A00';
    const { body } = await get(`${PATH}?${query}`);
    expect(messages).toMatchObject([
      {
        activity: {
          limit: 5,
          cursor: 30,
          filter: {
            status: 'VERIFIED',
            reason: 'dep',
            referenceId: 'txn_01',
            fromMs: Date.parse('2026-01-01'),
            beforeMs: Date.parse('2026-01-31T23:00:00Z'),
          },
        },
      },
    ]);
    expect(body.data['recentActivity']).toMatchObject({
      pagination: { page: null, limit: 5, total: null, totalPages: null },
      nextCursor: null,
    });
    expectForm(CustomerReply, body.data);
  });

  it.each([
    ['CUSTOMER_NOT_FOUND', 404],
    ['CUSTOMER_FENCED', 409],
  ])('answers %s with %d', async (code, status) => {
    const { get } = openDoors(() => ({ kind: 'refused', code, position: 7n }));
    const reply = await get(PATH);
    expect([reply.status, reply.body.error['code']]).toEqual([status, code]);
    expect(reply.body.error).not.toHaveProperty('position');
  });
});

it('GET derive adds a starting balance', async () => {
  const before = { sequence: 0, balanceNano: 0n, receiptId: '0x00' };
  const last = { sequence: 42, balanceNano: row.balanceNano, receiptId: '0xaa' };
  const value = { row, span: { before, last }, deltas: [view] };
  const { get, messages } = openDoors(() => found(value));
  const query = 'startingBalance=-0.5&limit=10&offset=20';
  const { body } = await get(`/api/v1/balance/derive/cust%3A1?${query}`);
  const page = { start: undefined, scope: undefined, page: { offset: 20, limit: 10 } };
  expect(messages).toEqual([new DeriveBalanceQuery(scope as never, 'cust:1', page)]);
  expect(body.data).toMatchObject({
    startingBalanceDecimal: '-0.5',
    computedBalance: 4499.5,
    deltasCount: 42,
    deltas: [{ sequenceNumber: 3, computedBalance: 4499.5, window: '2026-03' }],
    pagination: { limit: 10, offset: 20, total: 42 },
  });
  expectForm(DeriveReply, body.data);
});

it('GET delta/:recordId shows one delta', async () => {
  const value = { customerId: 'cust:1', delta: view, fenced: false };
  const { get, messages } = openDoors(() => found(value));
  const { body } = await get('/api/v1/balance/delta/rec_123?minPosition=7');
  expect(messages).toEqual([new GetDeltaQuery({ ...scope, minPosition: 7n } as never, 'rec_123')]);
  expect(body.data).toMatchObject({ recordId: 'rec_123', customerId: 'cust:1', position: '7' });
  expectForm(DeltaReply, body.data);
});
