import type { CustomerRow, DeltaView } from '@deltabook/application';
import {
  activityItem,
  customersSummary,
  customerSummary,
  deltaReply,
  derivedDelta,
} from './read-replies';

const row: CustomerRow = {
  reference: '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  tenant: 'default',
  environment: 'sandbox',
  customerId: 'cust_001',
  revision: 3,
  totalDeltas: 3,
  balanceNano: -12_500_000_001n,
  lastReceiptId: '0xaa',
  lastRecordedAt: 3,
  firstActivity: 0,
  lastActivity: Date.parse('2026-02-14T14:22:00.000Z'),
  latestCheckpoint: null,
  fenced: false,
  fencedFromSequence: null,
  verifiedDeltas: 2,
  sealedAt: '2026-03-01T00:00:00.500Z',
  sealedRoot: '0xee',
};

const view: DeltaView = {
  recordId: 'rec_123',
  receiptId: '0xaa',
  contentHash: '0xbb',
  previousProofHash: '0xcc',
  sequence: 3,
  nano: -500_000_000n,
  balanceNano: 10n ** 37n + 1n,
  reason: 'usage',
  referenceId: 'txn_01',
  metadata: { a: [1] },
  adjusts: { recordId: 'rec_122' },
  status: 'QUEUED',
  recordedAt: '2026-03-01T00:00:00.000Z',
  occurredAt: '2026-02-14T14:22:00.000Z',
  time: '2026-02-14T14:22:00.000Z',
  covering: undefined,
};
const bare: DeltaView = {
  ...view,
  referenceId: undefined,
  metadata: undefined,
  adjusts: undefined,
  occurredAt: undefined,
  time: view.recordedAt,
};
const fields = {
  recordId: 'rec_123',
  anchorId: 'rec_123',
  receiptId: '0xaa',
  itemsRoot: '0xaa',
  itemHash: '0xbb',
  delta: -0.5,
  deltaDecimal: '-0.5',
  reason: 'usage',
  referenceId: 'txn_01',
  metadata: { a: [1] },
  adjusts: { recordId: 'rec_122' },
  status: 'QUEUED',
  submittedAt: '2026-03-01T00:00:00.000Z',
  recordedAt: '2026-03-01T00:00:00.000Z',
  occurredAt: '2026-02-14T14:22:00.000Z',
  verifiedAt: null,
  verificationReference: null,
  sequenceNumber: 3,
  dataPurged: false,
  contentHash: '0xbb',
  previousProofHash: '0xcc',
};

describe('a customer in a list', () => {
  it('has an exact balance beside the JSON number', () => {
    expect(customerSummary(row)).toEqual({
      customerId: 'cust_001',
      customerReference: '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
      customerPartition: '4217968137',
      totalDeltas: 3,
      computedBalance: -12.500000001,
      computedBalanceDecimal: '-12.500000001',
      latestCheckpoint: null,
      firstActivity: '1970-01-01T00:00:00.000Z',
      lastActivity: '2026-02-14T14:22:00.000Z',
    });
  });

  it('says so when it is fenced', () => {
    expect(customerSummary({ ...row, fenced: true })).toMatchObject({ fenced: true });
  });
});

describe('the summary', () => {
  it('counts and sums, and says how much is verified', () => {
    const totals = {
      customers: 2,
      deltas: 5,
      verifiedDeltas: 3,
      balanceNano: 10n ** 30n,
      fenced: 1,
      firstActivity: null,
      lastActivity: null,
    };
    expect(customersSummary(totals, 12n)).toEqual({
      totalCustomers: 2,
      totalDeltas: 5,
      computedBalance: 1e21,
      computedBalanceDecimal: '1000000000000000000000',
      firstActivity: null,
      lastActivity: null,
      verification: { recorded: 5, projected: 5, queued: 2, verified: 3, fencedCustomers: 1 },
      position: '12',
    });
  });
});

describe('a delta', () => {
  const covering = { sealedAt: '2026-03-01T00:00:00.500Z', sealHash: '0xdd' };

  it('is shown under the names of every vintage', () => {
    const value = { customerId: 'cust_001', delta: { ...view, covering }, fenced: false };
    expect(deltaReply({ kind: 'found', position: 7n, value })).toEqual({
      ...fields,
      verifiedAt: '2026-03-01T00:00:00.500Z',
      verificationReference: '0xdd',
      computedBalance: 1e28,
      computedBalanceDecimal: '10000000000000000000000000000.000000001',
      customerId: 'cust_001',
      position: '7',
    });
  });

  it('has null for what was not given', () => {
    const value = { customerId: 'cust_001', delta: bare, fenced: true };
    expect(deltaReply({ kind: 'found', position: 7n, value })).toMatchObject({
      referenceId: null,
      metadata: null,
      adjusts: null,
      occurredAt: null,
      verifiedAt: null,
      fenced: true,
    });
  });

  it('of a derived balance counts from the starting balance', () => {
    const small = { ...view, balanceNano: 1_000_000_000n };
    expect(derivedDelta(small, 2_500_000_000n)).toEqual({
      ...fields,
      computedBalance: 3.5,
      computedBalanceDecimal: '3.5',
      time: '2026-02-14T14:22:00.000Z',
      window: '2026-03',
    });
  });

  it('in activity has a lower-case status and the time of the fact', () => {
    expect(activityItem({ ...view, balanceNano: 0n, covering })).toEqual({
      delta: -0.5,
      reason: 'usage',
      referenceId: 'txn_01',
      status: 'queued',
      time: '2026-02-14T14:22:00.000Z',
      recordId: 'rec_123',
      verificationReference: '0xdd',
      deltaDecimal: '-0.5',
      receiptId: '0xaa',
      sequenceNumber: 3,
      computedBalance: 0,
      computedBalanceDecimal: '0',
      metadata: { a: [1] },
      adjusts: { recordId: 'rec_122' },
      recordedAt: '2026-03-01T00:00:00.000Z',
      occurredAt: '2026-02-14T14:22:00.000Z',
    });
    expect(activityItem(bare)).toMatchObject({
      referenceId: null,
      metadata: null,
      adjusts: null,
      occurredAt: null,
      time: '2026-03-01T00:00:00.000Z',
    });
  });
});
