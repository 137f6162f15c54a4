// One row of a table, drawn again only when what it shows has changed: long tables stay light.
import { Table } from '@mantine/core';
import { flexRender, type Row } from '@tanstack/react-table';
import { memo, type ReactNode } from 'react';

/** How the cells of a column stand, and from which width of the page on they are shown. */
export interface CellLook {
  readonly ta: 'left' | 'right';
  readonly visibleFrom?: 'xs' | 'sm' | 'md';
}

interface DataRowProps<Data> {
  readonly row: Row<Data>;
  readonly hasArrived?: boolean;
}

function Cells<Data>({ row, hasArrived = false }: DataRowProps<Data>): ReactNode {
  return (
    <Table.Tr className={hasArrived ? 'arrived' : ''}>
      {row.getVisibleCells().map((cell) => (
        <Table.Td key={cell.id} {...(cell.column.columnDef.meta as CellLook)}>
          {flexRender(cell.column.columnDef.cell, cell.getContext())}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function isSame<Data>(before: DataRowProps<Data>, after: DataRowProps<Data>): boolean {
  return before.row.original === after.row.original && before.hasArrived === after.hasArrived;
}

/** A row of any table whose columns have a CellLook as their `meta`. */
export const DataRow = memo(Cells, isSame) as typeof Cells;
