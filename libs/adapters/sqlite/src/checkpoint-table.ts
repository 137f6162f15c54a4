// The table of checkpoints, and how many each period has: a page needs their number, and counting
// the rows of all customers would take too long.
import type {
  CheckpointPage,
  CheckpointPageRequest,
  CheckpointRow,
  ListedCheckpoint,
} from '@deltabook/application/threads';
import type { Environment } from '@deltabook/domain';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

const COLUMNS = [
  'reference TEXT NOT NULL COLLATE NOCASE',
  'period TEXT NOT NULL',
  'revision INTEGER NOT NULL',
  'tenant TEXT NOT NULL',
  'environment TEXT NOT NULL',
  'customer_id TEXT NOT NULL',
  'sequence INTEGER NOT NULL',
  'delta_count INTEGER NOT NULL',
  'opening_nano TEXT NOT NULL',
  'balance_nano TEXT NOT NULL',
  'proof_root TEXT NOT NULL',
  'committed_at INTEGER NOT NULL',
  'supersedes INTEGER',
] as const;

export const CHECKPOINT_TABLES =
  `CREATE TABLE checkpoint (${COLUMNS.join(', ')},` +
  ' PRIMARY KEY (reference, period, revision)) WITHOUT ROWID;' +
  'CREATE INDEX checkpoint_scope ON checkpoint (tenant, environment, period, committed_at);' +
  'CREATE TABLE checkpoint_count (tenant TEXT NOT NULL, environment TEXT NOT NULL,' +
  ' period TEXT NOT NULL, count INTEGER NOT NULL,' +
  ' PRIMARY KEY (tenant, environment, period)) WITHOUT ROWID;';

/** The next checkpoint of the same customer and period. */
const SUPERSEDED_BY =
  '(SELECT min(later.revision) FROM checkpoint later WHERE later.reference = checkpoint.reference' +
  ' AND later.period = checkpoint.period AND later.revision > checkpoint.revision)';
const OF_SCOPE = 'tenant = ? AND environment = ? AND period BETWEEN ? AND ?';
const OF_CUSTOMER = `reference = ? AND ${OF_SCOPE}`;

interface Columns {
  readonly reference: string;
  readonly period: string;
  readonly revision: number;
  readonly tenant: string;
  readonly environment: Environment;
  readonly customer_id: string;
  readonly sequence: number;
  readonly delta_count: number;
  readonly opening_nano: string;
  readonly balance_nano: string;
  readonly proof_root: string;
  readonly committed_at: number;
  readonly supersedes: number | null;
  readonly superseded_by: number | null;
}

export class CheckpointWriter {
  private readonly insert: StatementSyncInstance;
  private readonly count: StatementSyncInstance;

  constructor(database: DatabaseSyncInstance) {
    const places = COLUMNS.map(() => '?').join(', ');
    this.insert = database.prepare(`INSERT INTO checkpoint VALUES (${places})`);
    this.count = database.prepare(
      'INSERT INTO checkpoint_count VALUES (?, ?, ?, 1)' +
        ' ON CONFLICT DO UPDATE SET count = count + 1',
    );
  }

  /** Adds a row that is not there yet. */
  add(row: CheckpointRow): void {
    this.insert.run(
      row.reference,
      row.period,
      row.revision,
      row.tenant,
      row.environment,
      row.customerId,
      row.sequence,
      row.deltaCount,
      row.openingNano.toString(),
      row.balanceNano.toString(),
      row.proofRoot,
      row.committedAt,
      row.supersedes,
    );
    this.count.run(row.tenant, row.environment, row.period);
  }
}

export class CheckpointReader {
  private readonly newest: StatementSyncInstance;
  private readonly scopePage: StatementSyncInstance;
  private readonly scopeTotal: StatementSyncInstance;
  private readonly customerPage: StatementSyncInstance;
  private readonly customerTotal: StatementSyncInstance;
  private readonly range: StatementSyncInstance;

  constructor(database: DatabaseSyncInstance) {
    const select = `SELECT *, ${SUPERSEDED_BY} AS superseded_by FROM checkpoint`;
    this.newest = database.prepare(
      `${select} WHERE reference = ? AND period = ? ORDER BY revision DESC LIMIT 1`,
    );
    this.scopePage = database.prepare(
      `${select} WHERE ${OF_SCOPE} ORDER BY period DESC, committed_at DESC, reference DESC,` +
        ' revision DESC LIMIT ? OFFSET ?',
    );
    this.scopeTotal = database.prepare(
      `SELECT coalesce(sum(count), 0) AS total FROM checkpoint_count WHERE ${OF_SCOPE}`,
    );
    this.customerPage = database.prepare(
      `${select} WHERE ${OF_CUSTOMER} ORDER BY period DESC, revision DESC LIMIT ? OFFSET ?`,
    );
    this.customerTotal = database.prepare(
      `SELECT count(*) AS total FROM checkpoint WHERE ${OF_CUSTOMER}`,
    );
    this.range = database.prepare(
      'SELECT *, NULL AS superseded_by FROM checkpoint WHERE reference BETWEEN ? AND ?' +
        ' ORDER BY reference, revision',
    );
  }

  /** Of all references from one to another, both included, in order of reference and revision. */
  between(first: string, last: string): CheckpointRow[] {
    return (this.range.all(first, last) as Columns[]).map(checkpoint);
  }

  newestOf(reference: string, period: string): CheckpointRow | undefined {
    const columns = this.newest.get(reference, period) as Columns | undefined;
    return columns && checkpoint(columns);
  }

  page(request: CheckpointPageRequest): CheckpointPage {
    const { tenant, environment, reference, firstPeriod, lastPeriod, limit, offset } = request;
    const ofCustomer = reference !== undefined;
    const scope = [tenant, environment, firstPeriod, lastPeriod];
    const asked = ofCustomer ? [reference, ...scope] : scope;
    const rows = ofCustomer ? this.customerPage : this.scopePage;
    const count = ofCustomer ? this.customerTotal : this.scopeTotal;
    const { total } = count.get(...asked) as { readonly total: number };
    const columns = rows.all(...asked, limit, offset) as Columns[];
    return { checkpoints: columns.map(checkpoint), total };
  }
}

function checkpoint(columns: Columns): ListedCheckpoint {
  return {
    reference: columns.reference,
    tenant: columns.tenant,
    environment: columns.environment,
    customerId: columns.customer_id,
    revision: columns.revision,
    period: columns.period,
    sequence: columns.sequence,
    deltaCount: columns.delta_count,
    openingNano: BigInt(columns.opening_nano),
    balanceNano: BigInt(columns.balance_nano),
    proofRoot: columns.proof_root,
    committedAt: columns.committed_at,
    supersedes: columns.supersedes,
    supersededBy: columns.superseded_by,
  };
}
