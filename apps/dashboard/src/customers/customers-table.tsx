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
import { useDeferredValue, type ReactElement } from 'react';
import { Link } from 'wouter';
import { Amount, countText } from '../parts/amount';
import { HashText } from '../parts/customer-reference';
import { DataRow, type CellLook } from '../parts/data-row';
import { SortIcon } from '../parts/icons';
import { Moment } from '../parts/moment';
import type { ListState, Sort } from './list-state';

const NONE: readonly CustomerSummary[] = [];

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
    meta: { ta: 'left' } satisfies CellLook,
    cell: ({ row }) => <CustomerCell customer={row.original} />,
  }),
  column.accessor('customerReference', {
    header: 'Reference',
    enableSorting: false,
    meta: { ta: 'left', visibleFrom: 'sm' } satisfies CellLook,
    cell: ({ row, getValue }) => (
      <HashText value={getValue()} name={`reference of ${row.original.customerId}`} />
    ),
  }),
  column.accessor('totalDeltas', {
    header: 'Deltas',
    meta: { ta: 'right', visibleFrom: 'xs' } satisfies CellLook,
    cell: ({ getValue }) => <span className="figure">{countText(getValue())}</span>,
  }),
  column.accessor('computedBalanceDecimal', {
    id: 'balance',
    header: 'Balance',
    meta: { ta: 'right' } satisfies CellLook,
    cell: ({ getValue }) => <Amount decimal={getValue()} />,
  }),
  column.accessor('lastActivity', {
    header: 'Last activity',
    meta: { ta: 'right', visibleFrom: 'md' } satisfies CellLook,
    cell: ({ getValue }) => <Moment time={getValue()} />,
  }),
];

const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const;

function HeaderCell({
  header,
}: {
  readonly header: Header<CustomerSummary, unknown>;
}): ReactElement {
  const { column: ofColumn, getContext } = header;
  const look = ofColumn.columnDef.meta as CellLook;
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
  const { isLoading, isStale, state, onSort } = props;
  // Many rows are drawn piece by piece, between what the reader does.
  const customers = useDeferredValue(props.customers, NONE);
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
            <DataRow key={row.id} row={row} />
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
