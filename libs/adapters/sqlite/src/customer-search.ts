// Which customers match a search, remembered: a customerId never changes, so what was found stays
// found, only customers that appeared since are looked at again, and a search that goes on typing
// looks only at what the shorter one found.
import type { CustomerColumns } from './customer-columns';
import { TextSieve } from './text-sieve';

interface Found {
  /** Customer numbers in order of first appearance; undefined while everyone looked at matches. */
  matches: number[] | undefined;
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
    const found = this.takeOut(search);
    const before = found.seenCount;
    const fresh = this.candidates(search, nos, before).filter((no) => this.isMatch(no, search));
    found.seenCount = nos.length;
    if (found.matches) for (const no of fresh) found.matches.push(no);
    else if (fresh.length < nos.length - before) {
      found.matches = nos.slice(0, before).concat(fresh);
    }
    this.found.set(search, found);
    this.matchesCached += cachedFor(found);
    this.forget();
    return found.matches ?? nos;
  }

  private isMatch(no: number, search: string): boolean {
    return (this.columns.customerIds[no] ?? '').includes(search);
  }

  /** Put in again it is the newest: the one asked for longest ago is forgotten first. */
  private takeOut(search: string): Found {
    const found = this.found.get(search);
    if (!found) return { matches: undefined, seenCount: 0 };
    this.found.delete(search);
    this.matchesCached -= cachedFor(found);
    return found;
  }

  /** Those that may match, of the customers from `from` on. */
  private candidates(search: string, nos: readonly number[], from: number): number[] {
    const { sieve } = this.columns;
    const bits = TextSieve.of(search);
    const shorter = this.found.get(search.slice(0, -1)) ?? this.found.get(search.slice(1));
    if (from > 0 || !shorter?.matches) return sieve.candidates(nos, from, bits);
    const later = sieve.candidates(nos, shorter.seenCount, bits);
    return sieve.candidates(shorter.matches, 0, bits).concat(later);
  }

  private forget(): void {
    for (const [search, found] of this.found) {
      if (this.matchesCached <= this.matchesCachedMax || this.found.size === 1) return;
      this.found.delete(search);
      this.matchesCached -= cachedFor(found);
    }
  }
}

/** A search counts as one more than what it keeps, so that empty ones are bounded too. */
function cachedFor({ matches }: Found): number {
  return 1 + (matches?.length ?? 0);
}
