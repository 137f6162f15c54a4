// Changes stored rows behind the service's back, as someone with the disk in hands would.
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { join } from 'node:path';
import { filesOf } from './read-models';

/** A stored delta's place and text. */
export interface StoredDelta {
  readonly position: number;
  readonly data: string;
}

function withDatabase<T>(file: string, work: (database: DatabaseSyncInstance) => T): T {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

export class Tampering {
  constructor(private readonly dataDir: string) {}

  /** As the record's opening has it. */
  referenceOf(customerId: string): string {
    const sql = "SELECT data FROM log WHERE type = 'CustomerRecordOpened' AND instr(data, ?)";
    const named = `"customerId":"${customerId}"`;
    const opened: unknown = this.inLog((log) => log.prepare(sql).get(named) as unknown);
    const { data } = opened as { readonly data: string };
    return (JSON.parse(data) as { readonly reference: string }).reference;
  }

  /** Deltas of a customer in order. */
  deltas(reference: string): StoredDelta[] {
    const sql =
      "SELECT position, data FROM log WHERE stream = ? AND type = 'DeltaEmitted' ORDER BY revision";
    const stream = `customer-${reference.slice(2).toLowerCase()}`;
    return this.inLog((log) => log.prepare(sql).all(stream) as unknown as StoredDelta[]);
  }

  /** Puts another text in the place of a stored delta's. */
  write({ position, data }: StoredDelta): void {
    const sql = 'UPDATE log SET data = ? WHERE position = ?';
    this.inLog((log) => log.prepare(sql).run(data, position));
  }

  remove({ position }: StoredDelta): void {
    this.inLog((log) => log.prepare('DELETE FROM log WHERE position = ?').run(position));
  }

  /** Each in the place of the other. */
  swap(a: StoredDelta, b: StoredDelta): void {
    this.write({ ...a, data: b.data });
    this.write({ ...b, data: a.data });
  }

  /** Serves another balance of a customer. */
  serveBalance(customerId: string, nano: bigint): void {
    const [file = ''] = filesOf(this.dataDir);
    withDatabase(join(this.dataDir, file), (rows) =>
      rows
        .prepare(
          'UPDATE customer_sums SET balance_nano = ?' +
            ' WHERE no = (SELECT no FROM customer WHERE customer_id = ?)',
        )
        .run(nano.toString(), customerId),
    );
  }

  private inLog<T>(work: (database: DatabaseSyncInstance) => T): T {
    return withDatabase(join(this.dataDir, 'log.db'), work);
  }
}
