// Reads a stopped service's log with nothing of the product but SQLite, and adds it up: the
// reference that what was acknowledged and what is served must equal.
import { DatabaseSync } from '@photostructure/sqlite';
import { join } from 'node:path';

export interface ReplayedDelta {
  readonly customerId: string;
  readonly sequence: number;
  readonly delta: string;
}

export interface Replay {
  /** By receiptId. */
  readonly deltas: ReadonlyMap<string, ReplayedDelta>;
  /** By customerId: balance in nano units and number of deltas. */
  readonly customers: ReadonlyMap<string, { readonly nano: bigint; readonly count: number }>;
}

interface StoredRow {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly data: string;
}

interface Fold {
  readonly customerId: string;
  nano: bigint;
  count: number;
  nextRevision: number;
  lastReceiptId: string;
}

const nanoOf = (decimal: string): bigint => {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  const nano = BigInt(whole) * 10n ** 9n + BigInt(fraction.padEnd(9, '0'));
  return decimal.startsWith('-') ? -nano : nano;
};

/** Replays log.db of a stopped service; throws at a gap, a repeat or a broken link. */
export function replayLog(dataDir: string): Replay {
  const database = new DatabaseSync(join(dataDir, 'log.db'), { readOnly: true });
  const folds = new Map<string, Fold>();
  const deltas = new Map<string, ReplayedDelta>();
  const select = 'SELECT stream, revision, type, data FROM log ORDER BY position';
  for (const row of database.prepare(select).iterate() as Iterable<unknown>) {
    fold(row as StoredRow, folds, deltas);
  }
  database.close();
  const customers = [...folds.values()].map(({ customerId, nano, count }) => {
    return [customerId, { nano, count }] as const;
  });
  return { deltas, customers: new Map(customers) };
}

function fold(row: StoredRow, folds: Map<string, Fold>, deltas: Map<string, ReplayedDelta>): void {
  const data = JSON.parse(row.data);
  if (row.type === 'CustomerRecordOpened') {
    const { customerId } = data as { customerId: string };
    const lastReceiptId = `0x${'0'.repeat(64)}`;
    folds.set(row.stream, { customerId, nano: 0n, count: 0, nextRevision: 1, lastReceiptId });
    return;
  }
  if (row.type !== 'DeltaEmitted') return;
  const state = folds.get(row.stream);
  if (!state || row.revision !== state.nextRevision) {
    throw new Error(`${row.stream} has a gap or a repeat at revision ${row.revision}`);
  }
  const { leaf, receiptId } = data as {
    leaf: { delta: string; balance: string; sequence: string; previousProofHash: string };
    receiptId: string;
  };
  state.nextRevision += 1;
  state.count += 1;
  state.nano += nanoOf(leaf.delta);
  if (leaf.previousProofHash !== state.lastReceiptId || nanoOf(leaf.balance) !== state.nano) {
    throw new Error(`${row.stream} is not linked at revision ${row.revision}`);
  }
  state.lastReceiptId = receiptId;
  const { customerId, count: sequence } = state;
  deltas.set(receiptId, { customerId, sequence, delta: leaf.delta });
}
