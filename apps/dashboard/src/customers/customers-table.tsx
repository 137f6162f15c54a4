// The table of customer records; the service sorts and pages, the table says which way.
import { Badge, Paper, Skeleton, Table, UnstyledButton } from '@mantine/core';
import type { CustomerSummary } from '@deltabook/sdk';
import {
  createColumnHelper,
  flexRender,
  getCoreRowModel,
  useReactTable,
  type Header,
} from '@tanstack/react-table';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { Amount, countText } from '../parts/amount';
import { HashText } from '../parts/customer-reference';
import { SortIcon } from '../parts/icons';
import { Moment } from '../parts/moment';
import type { ListState, Sort } from './list-state';

interface ColumnLook {
  /** Figures stand at the right. */
  readonly isFigure?: boolean;
  /** Width of the page from which the column is shown. */
  readonly from?: 'xs' | 'sm' | 'md';
}

const column = createColumnHelper<CustomerSummary>();

function CustomerCell({ customer }: { readonly customer: CustomerSummary }): ReactElement {
  const { customerId, fenced } = customer;
  return (
    <>
      <Link className="row-link anywhere" href={`/customers/${encodeURIComponent(customerId)}`}>
        {customerId}
      </Link>
      {fenced === true && (
        <Badge color="red" variant="light" ml="xs">
          fenced
        </Badge>
      )}
    </>
  );
}

const COLUMNS = [
  column.accessor('customerId', {
    header: 'Customer ID',
    cell: ({ row }) => <CustomerCell customer={row.original} />,
  }),
  column.accessor('customerReference', {
    header: 'Reference',
    enableSorting: false,
    meta: { from: 'sm' } satisfies ColumnLook,
    cell: ({ row, getValue }) => (
      <HashText value={getValue()} name={`reference of ${row.original.customerId}`} />
    ),
  }),
  column.accessor('totalDeltas', {
    header: 'Deltas',
    meta: { isFigure: true, from: 'xs' } satisfies ColumnLook,
    cell: ({ getValue }) => <span className="figure">{countText(getValue())}</span>,
  }),
  column.accessor('computedBalanceDecimal', {
    id: 'balance',
    header: 'Balance',
    meta: { isFigure: true } satisfies ColumnLook,
    cell: ({ getValue }) => <Amount decimal={getValue()} />,
  }),
  column.accessor('lastActivity', {
    header: 'Last activity',
    meta: { isFigure: true, from: 'md' } satisfies ColumnLook,
    cell: ({ getValue }) => <Moment time={getValue()} />,
  }),
];

function lookOf(meta: unknown): {
  readonly ta: 'left' | 'right';
  readonly visibleFrom?: 'xs' | 'sm' | 'md';
} {
  const { isFigure, from } = (meta ?? {}) as ColumnLook;
  return { ta: isFigure === true ? 'right' : 'left', ...(from && { visibleFrom: from }) };
}

const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const;

function HeaderCell({
  header,
}: {
  readonly header: Header<CustomerSummary, unknown>;
}): ReactElement {
  const { column: ofColumn, getContext } = header;
  const look = lookOf(ofColumn.columnDef.meta);
  const title = flexRender(ofColumn.columnDef.header, getContext());
  if (!ofColumn.getCanSort()) return <Table.Th {...look}>{title}</Table.Th>;
  const order = ofColumn.getIsSorted();
  return (
    <Table.Th {...look} aria-sort={order === false ? 'none' : ARIA_SORT[order]}>
      <UnstyledButton fw="inherit" fz="inherit" onClick={ofColumn.getToggleSortingHandler()}>
        {title} <SortIcon order={order} />
      </UnstyledButton>
    </Table.Th>
  );
}

const SKELETON_ROWS = 8;

export function CustomersTable(props: {
  readonly customers: readonly CustomerSummary[];
  readonly isLoading: boolean;
  /** What is shown belongs to the choice before. */
  readonly isStale: boolean;
  readonly state: ListState;
  readonly onSort: (sortBy: Sort | undefined, sortOrder: 'asc' | 'desc' | undefined) => void;
}): ReactElement {
  const { customers, isLoading, isStale, state, onSort } = props;
  const sorting =
    state.sortBy === undefined ? [] : [{ id: state.sortBy, desc: state.sortOrder === 'desc' }];
  const table = useReactTable({
    data: customers as CustomerSummary[],
    columns: COLUMNS,
    state: { sorting },
    getRowId: ({ customerId }) => customerId,
    getCoreRowModel: getCoreRowModel(),
    manualSorting: true,
    enableMultiSort: false,
    onSortingChange: (update) => {
      const [first] = typeof update === 'function' ? update(sorting) : update;
      onSort(first?.id as Sort | undefined, first && (first.desc ? 'desc' : 'asc'));
    },
  });
  return (
    <Paper withBorder style={{ overflowX: 'auto' }}>
      <Table
        verticalSpacing="sm"
        horizontalSpacing="md"
        highlightOnHover
        aria-busy={isLoading || isStale}
        style={{ opacity: isStale ? 0.6 : 1 }}
      >
        <caption className="mantine-visually-hidden" hidden>
          Customer records
        </caption>
        <Table.Thead>
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id}>
              {group.headers.map((header) => (
                <HeaderCell key={header.id} header={header} />
              ))}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody>
          {isLoading &&
            Array.from({ length: SKELETON_ROWS }, (_, row) => (
              <Table.Tr key={row}>
                <Table.Td colSpan={COLUMNS.length}>
                  <Skeleton height={18} />
                </Table.Td>
              </Table.Tr>
            ))}
          {table.getRowModel().rows.map((row) => (
            <Table.Tr key={row.id}>
              {row.getVisibleCells().map((cell) => (
                <Table.Td key={cell.id} {...lookOf(cell.column.columnDef.meta)}>
                  {flexRender(cell.column.columnDef.cell, cell.getContext())}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
