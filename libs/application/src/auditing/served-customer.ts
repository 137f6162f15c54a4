// What is served of a customer against what its history leads to.
import { formatNano } from '@deltabook/domain';
import type { CheckpointRow } from '../read-models/checkpoint-rows';
import type { CustomerRow } from '../read-models/rows';
import type { AuditFinding } from './audit-report';
import type { AuditedCustomer } from './audited-customer';

type Field = keyof CustomerRow;

const FIELDS: readonly Field[] = [
  'reference',
  'tenant',
  'environment',
  'customerId',
  'revision',
  'totalDeltas',
  'balanceNano',
  'lastReceiptId',
  'lastRecordedAt',
  'firstActivity',
  'lastActivity',
  'latestCheckpoint',
  'fenced',
  'fencedFromSequence',
  'verifiedDeltas',
];
/** What only a seal log says that is what was signed. */
const SEALED_FIELDS: readonly Field[] = ['sealedAt', 'sealedRoot'];

/** What is served of one customer. */
export interface ServedCustomer {
  readonly row: CustomerRow;
  readonly checkpoints: readonly CheckpointRow[];
}

/** Of a customer whose history is in the log. */
export function missingRow({ identity, size }: AuditedCustomer): AuditFinding {
  const what = `no row is served, ${String(size)} deltas are in the log`;
  return { code: 'ROW_MISSING', customer: identity, sequence: size, what };
}

export function rowWithoutHistory(row: CustomerRow): AuditFinding {
  const { reference, tenant, environment, customerId, totalDeltas: sequence } = row;
  const customer = { reference, tenant, environment, customerId };
  const what = 'a row is served, and nothing of it is in the log';
  return { code: 'ROW_WITHOUT_HISTORY', customer, sequence, what };
}

/**
 * One line; undefined when nothing differs, or the history fails itself. `sealsHold`: whether seal
 * logs are to be believed.
 */
export function differencesOf(
  customer: AuditedCustomer,
  { row, checkpoints }: ServedCustomer,
  sealsHold: boolean,
): string | undefined {
  const replayed = customer.row();
  if (!replayed) return undefined;
  const found = [
    differingFields(FIELDS, row, replayed),
    sealsHold ? differingFields(SEALED_FIELDS, row, replayed) : undefined,
    customer.checkpointDifference(checkpoints),
  ];
  return found.filter((what) => what !== undefined).join('; ') || undefined;
}

/** By the reference of their customer. */
export function byReference(
  checkpoints: readonly CheckpointRow[],
): ReadonlyMap<string, readonly CheckpointRow[]> {
  const grouped = new Map<string, CheckpointRow[]>();
  for (const one of checkpoints) {
    const others = grouped.get(one.reference);
    if (others) others.push(one);
    else grouped.set(one.reference, [one]);
  }
  return grouped;
}

/** One line a row, such as `balance is served as 5 and is 7`; undefined when nothing differs. */
function differingFields(
  fields: readonly Field[],
  served: CustomerRow,
  replayed: CustomerRow,
): string | undefined {
  const differing = fields.filter((field) => served[field] !== replayed[field]);
  if (differing.length === 0) return undefined;
  return differing
    .map(
      (field) =>
        `${nameOf(field)} is served as ${textOf(served, field)} and is ${textOf(replayed, field)}`,
    )
    .join('; ');
}

const nameOf = (field: Field): string => (field === 'balanceNano' ? 'balance' : field);

function textOf(row: CustomerRow, field: Field): string {
  return field === 'balanceNano' ? formatNano(row.balanceNano) : String(row[field]);
}
