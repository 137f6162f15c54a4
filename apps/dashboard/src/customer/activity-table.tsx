// Rows of activity. On a narrow page the reference and the balance after give way.
import { Badge, Paper, Table, Text } from '@mantine/core';
import type { ActivityItem } from '@deltabook/sdk';
import {
  createColumnHelper,
  flexRender,
  getCoreRowModel,
  useReactTable,
} from '@tanstack/react-table';
import { useDeferredValue, type ReactElement } from 'react';
import { Amount } from '../parts/amount';
import { HashText } from '../parts/customer-reference';
import { DataRow, type CellLook } from '../parts/data-row';
import { Moment } from '../parts/moment';
import { useArrivals } from './live-customer';

const COLOR_OF_STATUS = {
  queued: 'gray',
  processing: 'blue',
  verified: 'ledger',
  failed: 'red',
} as const satisfies Record<ActivityItem['status'], string>;

const NONE: readonly ActivityItem[] = [];

const column = createColumnHelper<ActivityItem>();

const COLUMNS = [
  column.accessor('time', {
    header: 'Time',
    meta: { ta: 'left' } satisfies CellLook,
    cell: ({ getValue }) => <Moment time={getValue()} />,
  }),
  column.accessor('reason', {
    header: 'Reason',
    meta: { ta: 'left' } satisfies CellLook,
    cell: ({ row: { original } }) => (
      <>
        <span className="anywhere">{original.reason}</span>
        {original.referenceId !== null && (
          <Text size="sm" c="dimmed" className="anywhere">
            {original.referenceId}
          </Text>
        )}
      </>
    ),
  }),
  column.accessor('deltaDecimal', {
    header: 'Delta',
    meta: { ta: 'right' } satisfies CellLook,
    cell: ({ getValue }) => <Amount decimal={getValue()} signed />,
  }),
  column.accessor('computedBalanceDecimal', {
    header: 'Balance after',
    meta: { ta: 'right', visibleFrom: 'sm' } satisfies CellLook,
    cell: ({ getValue }) => <Amount decimal={getValue()} />,
  }),
  column.accessor('status', {
    header: 'Status',
    meta: { ta: 'left', visibleFrom: 'xs' } satisfies CellLook,
    cell: ({ getValue }) => (
      <Badge color={COLOR_OF_STATUS[getValue()]} variant="light" tt="none">
        {getValue()}
      </Badge>
    ),
  }),
  column.accessor('receiptId', {
    header: 'Receipt ID',
    meta: { ta: 'left', visibleFrom: 'md' } satisfies CellLook,
    cell: ({ row: { original } }) => (
      <HashText
        value={original.receiptId}
        name={`receipt ID of delta ${original.sequenceNumber}`}
      />
    ),
  }),
];

export function ActivityTable({
  items,
}: {
  readonly items: readonly ActivityItem[];
}): ReactElement {
  const { recordIds } = useArrivals();
  // Many rows are drawn piece by piece, between what the reader does.
  const shown = useDeferredValue(items, NONE);
  const table = useReactTable({
    data: shown as ActivityItem[],
    columns: COLUMNS,
    getRowId: ({ recordId }) => recordId,
    getCoreRowModel: getCoreRowModel(),
  });
  return (
    <Paper withBorder style={{ overflowX: 'auto' }}>
      <Table verticalSpacing="xs" horizontalSpacing="md" aria-label="Activity, newest first">
        <Table.Thead>
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id}>
              {group.headers.map((header) => (
                <Table.Th key={header.id} {...(header.column.columnDef.meta as CellLook)}>
                  {flexRender(header.column.columnDef.header, header.getContext())}
                </Table.Th>
              ))}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody>
          {table.getRowModel().rows.map((row) => (
            <DataRow key={row.id} row={row} hasArrived={recordIds.has(row.id)} />
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
