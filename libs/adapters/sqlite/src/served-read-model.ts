// The read models as an audit sees them: on a connection of its own, a page at a time, so that
// neither the projector nor the query thread waits for it.
import type {
  Position,
  ServedDirectory,
  ServedPage,
  ServedRows,
} from '@deltabook/application/threads';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { CustomerTable } from './customer-table';
import { directoryEvents } from './directory-events';
import {
  generations,
  inspectReadModel,
  openForQuerying,
  readModelFile,
  StateRow,
} from './read-model-file';

export class ServedReadModel implements ServedRows {
  private readonly customers: CustomerTable;
  private readonly state: StateRow;

  private constructor(private readonly database: DatabaseSyncInstance) {
    this.customers = new CustomerTable(database);
    this.state = new StateRow(database);
  }

  /** The newest rows that were complete once; undefined while there are none of this store. */
  static open(dataDir: string, storeId: string): ServedReadModel | undefined {
    for (const generation of generations(dataDir)) {
      const file = readModelFile(dataDir, generation);
      const isServed = inspectReadModel(file, storeId)?.complete === true;
      if (isServed) return new ServedReadModel(openForQuerying(file));
    }
    return undefined;
  }

  count(): number {
    return this.customers.count();
  }

  page(after: string, limit: number): ServedPage {
    return this.atOnce(() => this.customers.after(after, limit).map(({ row }) => row));
  }

  one(reference: string): ServedPage {
    return this.atOnce(() => {
      const numbered = this.customers.get(reference);
      return numbered ? [numbered.row] : [];
    });
  }

  directory(): ServedDirectory {
    const { rows, position } = this.atOnce(() => directoryEvents(this.database));
    return { events: rows, position };
  }

  close(): void {
    this.database.close();
  }

  /** Rows and the position that they are of, in one transaction. */
  private atOnce<T>(read: () => readonly T[]): {
    readonly rows: readonly T[];
    readonly position: Position;
  } {
    this.database.exec('BEGIN');
    try {
      const { position } = this.state.read();
      return { rows: read(), position };
    } finally {
      this.database.exec('COMMIT');
    }
  }
}
