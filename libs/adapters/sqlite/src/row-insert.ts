// Writes rows of one table several at a time: what a statement costs beside its rows is then shared
// by them.
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

/** More rows make values longer to hand over than the statement saves. */
const ROWS_PER_STATEMENT = 16;

export type ColumnValue = string | number | null;

export class RowInsert {
  private values: ColumnValue[] = [];
  private readonly many: StatementSyncInstance;
  private readonly one: StatementSyncInstance;

  /** `table` has this many columns; its rows are put in the place of those with the same key. */
  constructor(
    database: DatabaseSyncInstance,
    table: string,
    private readonly columnCount: number,
  ) {
    const row = `(${Array(columnCount).fill('?').join(', ')})`;
    const rows = Array(ROWS_PER_STATEMENT).fill(row).join(', ');
    this.many = database.prepare(`INSERT OR REPLACE INTO ${table} VALUES ${rows}`);
    this.one = database.prepare(`INSERT OR REPLACE INTO ${table} VALUES ${row}`);
  }

  /** The row is in the table after the next flush(), if not before. */
  add(...row: ColumnValue[]): void {
    this.values.push(...row);
    if (this.values.length < this.columnCount * ROWS_PER_STATEMENT) return;
    this.many.run(...this.values);
    this.values = [];
  }

  flush(): void {
    const { values, columnCount } = this;
    for (let from = 0; from < values.length; from += columnCount) {
      this.one.run(...values.slice(from, from + columnCount));
    }
    this.values = [];
  }
}
