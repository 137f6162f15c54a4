// The read models as an audit sees them: on a connection of its own, a page at a time, so that
// neither the projector nor the query thread waits for it.
import type {
  CustomerRow,
  Position,
  ServedDirectory,
  ServedPage,
  ServedRows,
} from '@deltabook/application/threads';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { CheckpointReader } from './checkpoint-table';
import { CustomerTable } from './customer-table';
import { directoryEvents } from './directory-events';
import {
  generations,
  inspectReadModel,
  openForQuerying,
  readModelFile,
  StateRow,
} from './read-model-file';
import { KeyCheck } from './record-check';
import { ServedVerification } from './served-verification';

export class ServedReadModel implements ServedRows {
  private readonly customers: CustomerTable;
  private readonly checkpoints: CheckpointReader;
  private readonly state: StateRow;

  private constructor(
    private readonly database: DatabaseSyncInstance,
    private readonly verification: ServedVerification | undefined,
  ) {
    this.customers = new CustomerTable(database);
    this.checkpoints = new CheckpointReader(database);
    this.state = new StateRow(database);
  }

  /** The newest rows that were complete once; undefined while there are none of this store. */
  static open(dataDir: string, storeId: string): ServedReadModel | undefined {
    for (const generation of generations(dataDir)) {
      const file = readModelFile(dataDir, generation);
      const isServed = inspectReadModel(file, storeId)?.complete === true;
      if (!isServed) continue;
      const verification = ServedVerification.open(dataDir, storeId);
      return new ServedReadModel(openForQuerying(file), verification);
    }
    return undefined;
  }

  count(): number {
    return this.customers.count();
  }

  page(after: string, limit: number): ServedPage {
    return this.served(() => this.customers.after(after, limit).map(({ row }) => row));
  }

  one(reference: string): ServedPage {
    return this.served(() => {
      const numbered = this.customers.get(reference);
      return numbered ? [numbered.row] : [];
    });
  }

  directory(): ServedDirectory {
    return this.atOnce(() => ({ events: directoryEvents(this.database) }));
  }

  keys(): KeyCheck {
    return new KeyCheck(this.database);
  }

  receipts(): ServedVerification | undefined {
    return this.verification;
  }

  trees(): ServedVerification | undefined {
    return this.verification;
  }

  close(): void {
    this.verification?.close();
    this.database.close();
  }

  private served(read: () => readonly CustomerRow[]): ServedPage {
    return this.atOnce(() => {
      const rows = read();
      const [first, last] = [rows[0]?.reference, rows.at(-1)?.reference];
      const isEmpty = first === undefined || last === undefined;
      return { rows, checkpoints: isEmpty ? [] : this.checkpoints.between(first, last) };
    });
  }

  /** What is read in one transaction, and the position that it is of. */
  private atOnce<T extends object>(read: () => T): T & { readonly position: Position } {
    this.database.exec('BEGIN');
    try {
      const { position } = this.state.read();
      return { ...read(), position };
    } finally {
      this.database.exec('COMMIT');
    }
  }
}
