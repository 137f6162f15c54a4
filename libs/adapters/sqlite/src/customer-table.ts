// The table of customer rows: how a CustomerRow becomes columns and comes back unchanged.
import type { CustomerRow } from '@deltabook/application/threads';
import type { Environment } from '@deltabook/domain';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

/**
 * A row with its number: customers are numbered 1, 2, … in order of first appearance in the log.
 */
export interface NumberedRow {
  readonly no: number;
  readonly row: CustomerRow;
}

/** Balances are text: no 64-bit column holds 38 digits. */
const COLUMNS = [
  // Found by stream as well as by checksum-cased reference: they differ in case alone.
  'reference TEXT PRIMARY KEY COLLATE NOCASE',
  'no INTEGER NOT NULL',
  'tenant TEXT NOT NULL',
  'environment TEXT NOT NULL',
  'customer_id TEXT NOT NULL',
  'revision INTEGER NOT NULL',
  'total_deltas INTEGER NOT NULL',
  'balance_nano TEXT NOT NULL',
  'last_receipt_id TEXT NOT NULL',
  'last_recorded_at INTEGER NOT NULL',
  'first_activity INTEGER',
  'last_activity INTEGER',
  'latest_checkpoint TEXT',
  'fenced INTEGER NOT NULL',
  'fenced_from_sequence INTEGER',
  'verified_deltas INTEGER NOT NULL',
] as const;

export const CUSTOMER_TABLE = `CREATE TABLE customer (${COLUMNS.join(', ')}) WITHOUT ROWID;`;

interface Columns {
  readonly reference: string;
  readonly no: number;
  readonly tenant: string;
  readonly environment: Environment;
  readonly customer_id: string;
  readonly revision: number;
  readonly total_deltas: number;
  readonly balance_nano: string;
  readonly last_receipt_id: string;
  readonly last_recorded_at: number;
  readonly first_activity: number | null;
  readonly last_activity: number | null;
  readonly latest_checkpoint: string | null;
  readonly fenced: number;
  readonly fenced_from_sequence: number | null;
  readonly verified_deltas: number;
}

function numberedRow(columns: Columns): NumberedRow {
  return {
    no: columns.no,
    row: {
      reference: columns.reference,
      tenant: columns.tenant,
      environment: columns.environment,
      customerId: columns.customer_id,
      revision: columns.revision,
      totalDeltas: columns.total_deltas,
      balanceNano: BigInt(columns.balance_nano),
      lastReceiptId: columns.last_receipt_id,
      lastRecordedAt: columns.last_recorded_at,
      firstActivity: columns.first_activity,
      lastActivity: columns.last_activity,
      latestCheckpoint: columns.latest_checkpoint,
      fenced: columns.fenced === 1,
      fencedFromSequence: columns.fenced_from_sequence,
      verifiedDeltas: columns.verified_deltas,
    },
  };
}

export class CustomerTable {
  private readonly select: StatementSyncInstance;
  private readonly selectAfter: StatementSyncInstance;
  private readonly replace: StatementSyncInstance | undefined;

  constructor(
    private readonly database: DatabaseSyncInstance,
    access: 'read' | 'write',
  ) {
    this.select = database.prepare('SELECT * FROM customer WHERE reference = ?');
    this.selectAfter = database.prepare(
      'SELECT * FROM customer WHERE reference > ? ORDER BY reference LIMIT ?',
    );
    const places = COLUMNS.map(() => '?').join(', ');
    const sql = `INSERT OR REPLACE INTO customer VALUES (${places})`;
    this.replace = access === 'write' ? database.prepare(sql) : undefined;
  }

  /** By reference, in whatever case its hex digits are. */
  get(reference: string): NumberedRow | undefined {
    const columns = this.select.get(reference) as Columns | undefined;
    return columns && numberedRow(columns);
  }

  /** Up to `limit` rows after a reference ('' for the first), in order of reference. */
  after(reference: string, limit: number): NumberedRow[] {
    return (this.selectAfter.all(reference, limit) as Columns[]).map(numberedRow);
  }

  put({ no, row }: NumberedRow): void {
    this.replace?.run(
      row.reference,
      no,
      row.tenant,
      row.environment,
      row.customerId,
      row.revision,
      row.totalDeltas,
      row.balanceNano.toString(),
      row.lastReceiptId,
      row.lastRecordedAt,
      row.firstActivity,
      row.lastActivity,
      row.latestCheckpoint,
      row.fenced ? 1 : 0,
      row.fencedFromSequence,
      row.verifiedDeltas,
    );
  }

  /** Customers that have a row: also the greatest number given, since rows are never deleted. */
  count(): number {
    const row = this.database.prepare('SELECT count(*) AS count FROM customer').get();
    return (row as { count: number }).count;
  }
}
