// Rows of customers and seal logs in verification.db: how they become columns and come back.
import type {
  PlacedSeal,
  SealLogState,
  VerificationFailure,
  VerifiedCustomer,
} from '@deltabook/application/threads';
import type { Environment } from '@deltabook/domain';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

interface CustomerColumns {
  readonly no: number;
  readonly reference: string;
  readonly tenant: string;
  readonly environment: Environment;
  readonly revision: number;
  readonly sequence: number;
  readonly balance_nano: string;
  readonly receipt_id: string;
  readonly recorded_at: string;
  readonly tree: Uint8Array;
  readonly sealed: number;
  readonly seal_index: number | null;
  readonly seal_text: string | null;
  readonly signed: string | null;
  readonly failure: string | null;
  readonly fenced: number;
}

function customerOf(columns: CustomerColumns): VerifiedCustomer {
  const { no, reference, tenant, environment, revision, tree, sealed } = columns;
  const { seal_index: index, seal_text: text, signed, failure } = columns;
  return {
    no,
    reference,
    scope: { tenant, environment },
    revision,
    point: {
      sequence: columns.sequence,
      balanceNano: BigInt(columns.balance_nano),
      receiptId: columns.receipt_id,
      recordedAt: columns.recorded_at,
    },
    tree,
    seal: index === null || text === null ? undefined : { index, text, size: sealed },
    signedSeal: signed === null ? undefined : (JSON.parse(signed) as PlacedSeal),
    failure: failure === null ? undefined : (JSON.parse(failure) as VerificationFailure),
    fenced: columns.fenced === 1,
  };
}

interface SealLogColumns {
  readonly no: number;
  readonly tenant: string;
  readonly environment: Environment;
  readonly revision: number;
  readonly tree: Uint8Array;
  readonly head_size: number | null;
  readonly head_note: string | null;
}

export function sealLogOf(columns: unknown): SealLogState {
  const { no, tenant, environment, revision, tree, head_size, head_note } =
    columns as SealLogColumns;
  const head =
    head_size === null || head_note === null ? undefined : { size: head_size, note: head_note };
  return { no, scope: { tenant, environment }, revision, tree, head };
}

export class VerifiedCustomerTable {
  private readonly select: StatementSyncInstance;

  constructor(private readonly database: DatabaseSyncInstance) {
    this.select = database.prepare('SELECT * FROM customer WHERE reference = ?');
  }

  /** By reference, in whatever case its hex digits are. */
  get(reference: string): VerifiedCustomer | undefined {
    const columns = this.select.get(reference) as CustomerColumns | undefined;
    return columns && customerOf(columns);
  }

  /** Customers for whom a condition on the columns holds. */
  where(condition: string, limit: number): VerifiedCustomer[] {
    const select = this.database.prepare(`SELECT * FROM customer WHERE ${condition} LIMIT ?`);
    return (select.all(limit) as CustomerColumns[]).map(customerOf);
  }

  /** 0 where there is none. */
  lastNo(): number {
    const select = this.database.prepare('SELECT coalesce(max(no), 0) AS no FROM customer');
    return (select.get() as { no: number }).no;
  }

  count(condition: string): number {
    const select = this.database.prepare(
      `SELECT count(*) AS count FROM customer WHERE ${condition}`,
    );
    return (select.get() as { count: number }).count;
  }
}

const CUSTOMER_PLACES = Array.from({ length: 16 }, () => '?').join(', ');
/** All but number and reference, which stay: the index over references is left alone. */
const CHANGING = [
  'tenant',
  'environment',
  'revision',
  'sequence',
  'balance_nano',
  'receipt_id',
  'recorded_at',
  'tree',
  'sealed',
  'seal_index',
  'seal_text',
  'signed',
  'failure',
  'fenced',
] as const;

/** A statement that writes one customer, and the values it takes. */
export function customerUpsert(database: DatabaseSyncInstance): (one: VerifiedCustomer) => void {
  const set = CHANGING.map((name) => `${name} = excluded.${name}`).join(', ');
  const upsert = database.prepare(
    `INSERT INTO customer VALUES (${CUSTOMER_PLACES}) ON CONFLICT (no) DO UPDATE SET ${set}`,
  );
  return ({ no, reference, scope, revision, point, tree, seal, ...rest }) => {
    upsert.run(
      ...[no, reference, scope.tenant, scope.environment, revision],
      ...[point.sequence, point.balanceNano.toString(), point.receiptId, point.recordedAt],
      tree,
      ...sealColumns(seal),
      jsonOrNull(rest.signedSeal),
      jsonOrNull(rest.failure),
      rest.fenced ? 1 : 0,
    );
  };
}

function sealColumns(
  seal: PlacedSeal | undefined,
): [size: number, index: number | null, text: string | null] {
  return seal ? [seal.size, seal.index, seal.text] : [0, null, null];
}

const jsonOrNull = (value: object | undefined): string | null =>
  value === undefined ? null : JSON.stringify(value);
