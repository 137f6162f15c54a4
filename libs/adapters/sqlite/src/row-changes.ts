// What the projector tells the query thread of changed rows: packed numbers that travel without a
// copy, and the names of customers that appeared.
import type { CustomerRow } from '@deltabook/application/threads';
import { parseCheckpointId, type Environment } from '@deltabook/domain';
import type { NumberedRow } from './customer-table';

/**
 * Numbers of one changed row, in this order; where there is no activity, infinities, and without
 * a checkpoint NO_CHECKPOINT as its revision.
 */
export const CHANGE = {
  no: 0,
  totalDeltas: 1,
  firstActivity: 2,
  lastActivity: 3,
  fenced: 4,
  balanceHigh: 5,
  balanceMiddle: 6,
  balanceLow: 7,
  verifiedDeltas: 8,
  checkpointRevision: 9,
} as const;
export const CHANGE_NUMBERS = 10;

export const NO_CHECKPOINT = -1;

export interface OpenedCustomer {
  readonly no: number;
  readonly reference: string;
  readonly tenant: string;
  readonly environment: Environment;
  readonly customerId: string;
}

export interface RowChanges {
  readonly numbers: Float64Array;
  readonly opened: readonly OpenedCustomer[];
}

/**
 * A balance as three numbers, each exact in a double: bits 90 and up with the sign, bits 45–89,
 * bits 0–44. Compared one after the other they order balances exactly.
 */
const LIMB_BITS = 45n;
const LIMB_MASK = (1n << LIMB_BITS) - 1n;

export function balanceOf(high: number, middle: number, low: number): bigint {
  return (((BigInt(high) << LIMB_BITS) + BigInt(middle)) << LIMB_BITS) + BigInt(low);
}

/** Packs rows; `opened` are those the query thread cannot know yet. */
export function rowChanges<Row extends NumberedRow>(
  rows: readonly Row[],
  isNew: (row: Row) => boolean,
): RowChanges {
  const numbers = new Float64Array(rows.length * CHANGE_NUMBERS);
  const opened: OpenedCustomer[] = [];
  for (const [i, numbered] of rows.entries()) {
    pack(numbers, i * CHANGE_NUMBERS, numbered);
    if (isNew(numbered)) opened.push(openedCustomer(numbered.no, numbered.row));
  }
  return { numbers, opened };
}

function pack(numbers: Float64Array, at: number, { no, row }: NumberedRow): void {
  numbers[at + CHANGE.no] = no;
  numbers[at + CHANGE.totalDeltas] = row.totalDeltas;
  numbers[at + CHANGE.firstActivity] = row.firstActivity ?? Number.POSITIVE_INFINITY;
  numbers[at + CHANGE.lastActivity] = row.lastActivity ?? Number.NEGATIVE_INFINITY;
  numbers[at + CHANGE.fenced] = row.fenced ? 1 : 0;
  numbers[at + CHANGE.balanceHigh] = Number(row.balanceNano >> (2n * LIMB_BITS));
  numbers[at + CHANGE.balanceMiddle] = Number((row.balanceNano >> LIMB_BITS) & LIMB_MASK);
  numbers[at + CHANGE.balanceLow] = Number(row.balanceNano & LIMB_MASK);
  numbers[at + CHANGE.verifiedDeltas] = row.verifiedDeltas;
  numbers[at + CHANGE.checkpointRevision] = checkpointRevision(row);
}

/** A checkpointId says its revision, so that lists need not keep the text. */
function checkpointRevision({ latestCheckpoint }: CustomerRow): number {
  if (latestCheckpoint === null) return NO_CHECKPOINT;
  return parseCheckpointId(latestCheckpoint)?.revision ?? NO_CHECKPOINT;
}

function openedCustomer(no: number, row: CustomerRow): OpenedCustomer {
  const { reference, tenant, environment, customerId } = row;
  return { no, reference, tenant, environment, customerId };
}
