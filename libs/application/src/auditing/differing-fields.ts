// In which fields a row that is served is not the one that its history leads to.
import { formatNano } from '@deltabook/domain';
import type { CustomerRow } from '../read-models/rows';

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

/** One line a row, such as `balance is served as 5 and is 7`; undefined when nothing differs. */
export function differingFields(served: CustomerRow, replayed: CustomerRow): string | undefined {
  const differing = FIELDS.filter((field) => served[field] !== replayed[field]);
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
