// What a checkpoint does to its customer's row.
import { checkpointId, recordIdPrefix, type CheckpointCommitted } from '@deltabook/domain';
import { openedRow, RowFold } from './customer-row';

const reference = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
const opened = openedRow(
  {
    ...{ type: 'CustomerRecordOpened', v: 1, tenant: 'default', environment: 'sandbox' },
    ...{ customerId: 'cust_001', reference, openedAt: '2026-01-01T00:00:00.000Z' },
  },
  0,
);
const committed = (committedAt: string): CheckpointCommitted => ({
  type: 'CheckpointCommitted',
  v: 1,
  period: '2026-01',
  sequence: 1,
  deltaCount: 1,
  openingBalance: '0',
  balance: '5',
  proofRoot: `0x${'ab'.repeat(32)}`,
  committedAt,
});

it('shows the last checkpoint, moves the revision, and time only forwards', () => {
  const fold = new RowFold(opened);
  fold.takeCheckpoint(committed('2026-01-03T00:00:00.000Z'), 3);
  fold.takeCheckpoint(committed('2026-01-02T00:00:00.000Z'), 4);
  expect(fold.row).toEqual({
    ...opened,
    revision: 4,
    latestCheckpoint: checkpointId(recordIdPrefix(reference), 4),
    lastRecordedAt: Date.parse('2026-01-03T00:00:00.000Z'),
  });
});
