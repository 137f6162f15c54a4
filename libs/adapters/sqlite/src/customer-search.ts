// Which customers match a search, remembered: a customerId never changes, so what was found stays
// found and only customers that appeared since are looked at again.
import type { CustomerColumns } from './customer-columns';
import { TextSieve } from './text-sieve';

interface Found {
  /** Customer numbers in order of first appearance. */
  readonly matches: number[];
  /** How many of the scope's customers have been looked at. */
  seenCount: number;
}

export class CustomerSearch {
  private readonly found = new Map<string, Found>();
  private matchesCached = 0;

  /** `matchesCachedMax`: customer numbers remembered over all searches. */
  constructor(
    private readonly columns: CustomerColumns,
    private readonly matchesCachedMax: number,
  ) {}

  /** Customers of `nos` (which only grows at its end) whose customerId contains the text. */
  matches(search: string, nos: readonly number[]): readonly number[] {
    const found = this.found.get(search) ?? { matches: [], seenCount: 0 };
    // Moves to the end: the one asked for longest ago is forgotten first.
    this.found.delete(search);
    this.found.set(search, found);
    const before = found.matches.length;
    const { sieve } = this.columns;
    for (const no of sieve.candidates(nos, found.seenCount, TextSieve.of(search))) {
      if (this.isMatch(no, search)) found.matches.push(no);
    }
    found.seenCount = nos.length;
    // An empty result is remembered too and counts as one.
    this.matchesCached += found.matches.length - before + (before === 0 ? 1 : 0);
    this.forget();
    return found.matches;
  }

  isMatch(no: number, search: string): boolean {
    return (this.columns.customerIds[no] ?? '').includes(search);
  }

  private forget(): void {
    for (const [search, { matches }] of this.found) {
      if (this.matchesCached <= this.matchesCachedMax || this.found.size === 1) return;
      this.found.delete(search);
      this.matchesCached -= matches.length + 1;
    }
  }
}
