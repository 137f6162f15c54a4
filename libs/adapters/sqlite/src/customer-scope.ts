// The customers of one tenant and environment: pages in any order, and totals.
import type {
  CustomerPageRequest,
  CustomerSort,
  ScopeTotals,
} from '@deltabook/application/threads';
import type { CustomerColumns } from './customer-columns';
import { CustomerSearch } from './customer-search';
import { balanceOf, CHANGE } from './row-changes';
import { SortedOrder, type Compare } from './sorted-order';

/** A walk looks at so many customers in the time that a sort takes to compare two, about. */
const LOOKS_PER_COMPARISON = 32;

export interface NumbersPage {
  readonly nos: readonly number[];
  readonly total: number;
}

export class CustomerScope {
  private readonly nos: number[] = [];
  private readonly orders = new Map<CustomerSort, SortedOrder>();
  private readonly search: CustomerSearch;
  /** By customer number, all 0 between two pages: 1 marks a match while a page is picked. */
  private marks = new Uint8Array(0);
  private isUnordered = false;
  private deltas = 0;
  private verifiedDeltas = 0;
  private balanceNano = 0n;
  private fenced = 0;
  private firstActivity = Number.POSITIVE_INFINITY;
  private lastActivity = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly columns: CustomerColumns,
    matchesCachedMax: number,
  ) {
    this.search = new CustomerSearch(columns, matchesCachedMax);
  }

  add(no: number): void {
    // In order of appearance, except while rows are loaded from the table.
    const last = this.nos.at(-1) ?? 0;
    this.nos.push(no);
    if (no < last) this.isUnordered = true;
    for (const order of this.orders.values()) order.touch(no);
  }

  /** Counts the customer's numbers out of the totals, before they change. */
  subtract(no: number): void {
    this.count(no, -1);
  }

  /** Counts the customer's numbers into the totals and marks its places as changed. */
  include(no: number): void {
    this.count(no, 1);
    const [first, last] = [
      this.number(no, CHANGE.firstActivity),
      this.number(no, CHANGE.lastActivity),
    ];
    if (first < this.firstActivity) this.firstActivity = first;
    if (last > this.lastActivity) this.lastActivity = last;
    for (const [sort, order] of this.orders) if (sort !== 'customerId') order.touch(no);
  }

  totals(): ScopeTotals {
    const { deltas, verifiedDeltas, balanceNano, fenced, firstActivity, lastActivity } = this;
    return {
      customers: this.nos.length,
      deltas,
      verifiedDeltas,
      balanceNano,
      fenced,
      firstActivity: Number.isFinite(firstActivity) ? firstActivity : null,
      lastActivity: Number.isFinite(lastActivity) ? lastActivity : null,
    };
  }

  page(request: CustomerPageRequest): NumbersPage {
    const nos = this.ordered();
    const { search, sortBy, sortOrder, page, limit } = request;
    const matches = search === '' ? nos : this.search.matches(search, nos);
    const total = matches.length;
    const [from, to] = [(page - 1) * limit, Math.min(page * limit, total)];
    if (from >= total) return { nos: [], total };
    const isDescending = sortOrder === 'desc';
    const pick = (inOrder: ArrayLike<number>): number[] => slice(inOrder, from, to, isDescending);
    if (sortBy === 'firstAppearance') return { nos: pick(matches), total };
    if (total < nos.length && isSortingCheaper(total, to, nos.length)) {
      return { nos: pick(Uint32Array.from(matches).sort(this.comparison(sortBy))), total };
    }
    const everyone = this.order(sortBy).current(nos);
    if (total === nos.length) return { nos: pick(everyone), total };
    return { nos: this.walk(everyone, matches, [from, to], isDescending), total };
  }

  /** Matches from … to in the order of everyone. */
  private walk(
    everyone: Uint32Array,
    matches: readonly number[],
    [from, to]: readonly [number, number],
    isDescending: boolean,
  ): number[] {
    if (this.marks.length <= this.columns.lastNo) {
      this.marks = new Uint8Array(2 * (this.columns.lastNo + 1));
    }
    for (const no of matches) this.marks[no] = 1;
    const picked = pickMarked(everyone, this.marks, to, isDescending).slice(from);
    for (const no of matches) this.marks[no] = 0;
    return picked;
  }

  private ordered(): readonly number[] {
    if (this.isUnordered) this.nos.sort((a, b) => a - b);
    this.isUnordered = false;
    return this.nos;
  }

  private order(sortBy: CustomerSort): SortedOrder {
    const known = this.orders.get(sortBy);
    if (known) return known;
    const order = new SortedOrder(this.comparison(sortBy));
    this.orders.set(sortBy, order);
    return order;
  }

  /** Those that compare equal stay in order of first appearance. */
  private comparison(sortBy: CustomerSort): Compare {
    const { columns } = this;
    switch (sortBy) {
      case 'firstAppearance':
        return (a, b) => a - b;
      case 'customerId':
        return (a, b) => columns.compareCustomerId(a, b) || a - b;
      case 'balance':
        return (a, b) => columns.compareBalance(a, b) || a - b;
      case 'totalDeltas':
        return (a, b) => columns.compareNumber(a, b, CHANGE.totalDeltas) || a - b;
      case 'lastActivity':
        return (a, b) => columns.compareNumber(a, b, CHANGE.lastActivity) || a - b;
    }
  }

  private number(no: number, column: number): number {
    return this.columns.number(no, column);
  }

  private count(no: number, sign: 1 | -1): void {
    this.deltas += sign * this.number(no, CHANGE.totalDeltas);
    this.verifiedDeltas += sign * this.number(no, CHANGE.verifiedDeltas);
    this.fenced += sign * this.number(no, CHANGE.fenced);
    const balanceNano = balanceOf(
      this.number(no, CHANGE.balanceHigh),
      this.number(no, CHANGE.balanceMiddle),
      this.number(no, CHANGE.balanceLow),
    );
    this.balanceNano += sign === 1 ? balanceNano : -balanceNano;
  }
}

/** True when sorting the matches takes less time than walking everyone to the last one wanted. */
function isSortingCheaper(matches: number, wanted: number, everyone: number): boolean {
  const looks = 2 * matches + (wanted / matches) * everyone;
  return matches * Math.log2(matches) * LOOKS_PER_COMPARISON < looks;
}

/** Items from … to of a list, or of the list read backwards. */
function slice(list: ArrayLike<number>, from: number, to: number, isDescending: boolean): number[] {
  const items: number[] = [];
  for (let i = from; i < to; i += 1) items.push(list[isDescending ? list.length - 1 - i : i] ?? 0);
  return items;
}

/** The first marked ones of a list, or of the list read backwards. */
function pickMarked(
  list: Uint32Array,
  marks: Uint8Array,
  count: number,
  isDescending: boolean,
): number[] {
  const picked: number[] = [];
  for (let i = 0; i < list.length && picked.length < count; i += 1) {
    const no = list[isDescending ? list.length - 1 - i : i] ?? 0;
    if (marks[no] === 1) picked.push(no);
  }
  return picked;
}
