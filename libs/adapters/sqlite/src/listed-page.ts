// A page of customers on its way between threads: columns of numbers and texts, which copy in a
// fraction of the time that as many objects take.
import type { CustomerPage, ListedCustomer } from '@deltabook/application/threads';
import { checkpointId, recordIdPrefix } from '@deltabook/domain';
import type { CustomerColumns } from './customer-columns';
import { balanceOf, CHANGE, CHANGE_NUMBERS, NO_CHECKPOINT } from './row-changes';

export interface ListedPage {
  readonly references: readonly string[];
  readonly customerIds: readonly string[];
  /** CHANGE_NUMBERS for each customer. */
  readonly numbers: Float64Array;
  /** Customers that match, over all pages. */
  readonly total: number;
}

export const EMPTY_PAGE: ListedPage = {
  references: [],
  customerIds: [],
  numbers: new Float64Array(0),
  total: 0,
};

export function listedPage(
  columns: CustomerColumns,
  nos: readonly number[],
  total: number,
): ListedPage {
  const numbers = new Float64Array(nos.length * CHANGE_NUMBERS);
  for (const [i, no] of nos.entries()) numbers.set(columns.numbersOf(no), i * CHANGE_NUMBERS);
  const references = nos.map((no) => columns.references[no] ?? '');
  return {
    references,
    customerIds: nos.map((no) => columns.customerIds[no] ?? ''),
    numbers,
    total,
  };
}

export function customerPage({
  references,
  customerIds,
  numbers,
  total,
}: ListedPage): CustomerPage {
  const customers = references.map((reference, i): ListedCustomer => {
    const number = (column: number): number => numbers[i * CHANGE_NUMBERS + column] ?? 0;
    return {
      reference,
      customerId: customerIds[i] ?? '',
      totalDeltas: number(CHANGE.totalDeltas),
      balanceNano: balanceOf(
        number(CHANGE.balanceHigh),
        number(CHANGE.balanceMiddle),
        number(CHANGE.balanceLow),
      ),
      latestCheckpoint: checkpointOf(reference, number(CHANGE.checkpointRevision)),
      firstActivity: timeOrNull(number(CHANGE.firstActivity)),
      lastActivity: timeOrNull(number(CHANGE.lastActivity)),
      fenced: number(CHANGE.fenced) === 1,
      verifiedDeltas: number(CHANGE.verifiedDeltas),
    };
  });
  return { customers, total };
}

function checkpointOf(reference: string, revision: number): string | null {
  return revision === NO_CHECKPOINT ? null : checkpointId(recordIdPrefix(reference), revision);
}

function timeOrNull(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}
