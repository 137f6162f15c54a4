// The tables of customer rows: how a CustomerRow becomes columns and comes back unchanged.
import type { CustomerRow, RowChange } from '@deltabook/application/threads';
import type { Environment } from '@deltabook/domain';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { RowInsert } from './row-insert';

/**
 * A row with its number: customers are numbered 1, 2, … in order of first appearance in the log.
 */
export interface NumberedRow {
  readonly no: number;
  readonly row: CustomerRow;
}

/** The same with what of it differs from what is stored. */
export interface ChangedRow extends NumberedRow {
  readonly change: RowChange;
}

/**
 * A row lies in three tables, so that what changes with every delta and with every seal is written
 * without the rest: who the customer is, found by reference; its sums and what of it is verified,
 * by its number, so that small rows share a page. Balances are text: no 64-bit column holds 38
 * digits.
 */
const IDENTITY_COLUMNS = [
  // Found by stream as well as by checksum-cased reference: they differ in case alone.
  'reference TEXT PRIMARY KEY COLLATE NOCASE',
  'no INTEGER NOT NULL',
  'tenant TEXT NOT NULL',
  'environment TEXT NOT NULL',
  'customer_id TEXT NOT NULL',
] as const;
const SUMS_COLUMNS = [
  'no INTEGER PRIMARY KEY',
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
] as const;
/** Without a row there, nothing is verified yet. */
const VERIFIED_COLUMNS = [
  'no INTEGER PRIMARY KEY',
  'verified_deltas INTEGER NOT NULL',
  'sealed_at TEXT NOT NULL',
  'sealed_root TEXT NOT NULL',
] as const;

export const CUSTOMER_TABLES =
  `CREATE TABLE customer (${IDENTITY_COLUMNS.join(', ')}) WITHOUT ROWID;` +
  `CREATE TABLE customer_sums (${SUMS_COLUMNS.join(', ')});` +
  `CREATE TABLE customer_verified (${VERIFIED_COLUMNS.join(', ')});` +
  'CREATE VIEW customer_row AS' +
  ` SELECT ${namesOf(IDENTITY_COLUMNS)}, ${namesOf(SUMS_COLUMNS.slice(1))},` +
  ' coalesce(verified_deltas, 0) AS verified_deltas, sealed_at, sealed_root' +
  ' FROM customer JOIN customer_sums USING (no) LEFT JOIN customer_verified USING (no);';

function namesOf(columns: readonly string[]): string {
  return columns.map((column) => column.slice(0, column.indexOf(' '))).join(', ');
}

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
  readonly sealed_at: string | null;
  readonly sealed_root: string | null;
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
      sealedAt: columns.sealed_at,
      sealedRoot: columns.sealed_root,
    },
  };
}

/** Reads rows. */
export class CustomerTable {
  private readonly select: StatementSyncInstance;
  private readonly selectAfter: StatementSyncInstance;

  constructor(private readonly database: DatabaseSyncInstance) {
    this.select = database.prepare('SELECT * FROM customer_row WHERE reference = ?');
    this.selectAfter = database.prepare(
      'SELECT * FROM customer_row WHERE reference > ? ORDER BY reference LIMIT ?',
    );
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

  /** Customers that have a row: also the greatest number given, since rows are never deleted. */
  count(): number {
    const row = this.database.prepare('SELECT count(*) AS count FROM customer').get();
    return (row as { count: number }).count;
  }
}

/** Writes what has changed of rows. */
export class CustomerWriter {
  private readonly identities: RowInsert;
  private readonly sums: RowInsert;
  private readonly verified: RowInsert;

  constructor(database: DatabaseSyncInstance) {
    this.identities = new RowInsert(database, 'customer', IDENTITY_COLUMNS.length);
    this.sums = new RowInsert(database, 'customer_sums', SUMS_COLUMNS.length);
    this.verified = new RowInsert(database, 'customer_verified', VERIFIED_COLUMNS.length);
  }

  /** All are in the tables afterwards. */
  put(rows: readonly ChangedRow[]): void {
    for (const { no, row, change } of rows) {
      if (change.isNew) this.putIdentity(no, row);
      if (change.sums) this.putSums(no, row);
      if (change.verified) {
        this.verified.add(no, row.verifiedDeltas, row.sealedAt, row.sealedRoot);
      }
    }
    this.identities.flush();
    this.sums.flush();
    this.verified.flush();
  }

  private putIdentity(no: number, row: CustomerRow): void {
    this.identities.add(row.reference, no, row.tenant, row.environment, row.customerId);
  }

  private putSums(no: number, row: CustomerRow): void {
    this.sums.add(
      no,
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
    );
  }
}
