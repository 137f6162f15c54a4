// Which customers match a search, remembered: a customerId never changes, so what was found stays
// found, only customers that appeared since are looked at again, and a search of which a part was
// searched before, as by somebody who types it, looks only at what that part found.
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
    const part = from > 0 ? undefined : this.narrowestPart(search);
    if (!part?.matches) return sieve.candidates(nos, from, bits);
    const later = sieve.candidates(nos, part.seenCount, bits);
    return sieve.candidates(part.matches, 0, bits).concat(later);
  }

  /** Of the remembered searches for a part of the text the one that found fewest. */
  private narrowestPart(search: string): Found | undefined {
    let narrowest: Found | undefined;
    for (const part of partsOf(search)) {
      const found = this.found.get(part);
      if (found?.matches && found.matches.length < (narrowest?.matches?.length ?? Infinity)) {
        narrowest = found;
      }
    }
    return narrowest;
  }

  private forget(): void {
    for (const [search, found] of this.found) {
      if (this.matchesCached <= this.matchesCachedMax || this.found.size === 1) return;
      this.found.delete(search);
      this.matchesCached -= cachedFor(found);
    }
  }
}

/** Beginnings, ends and pairs of characters of a text: not all its parts, which are too many. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  for (let i = 1; i < text.length; i += 1) {
    parts.push(text.slice(0, i), text.slice(i), text.slice(i - 1, i + 1));
  }
  return parts;
}

/** A search counts as one more than what it keeps, so that empty ones are bounded too. */
function cachedFor({ matches }: Found): number {
  return 1 + (matches?.length ?? 0);
}
