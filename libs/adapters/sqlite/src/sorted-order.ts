// Customers of a scope in one order, kept while rows change: those that changed are taken out,
// sorted and put in again at places found by halving, so that a page costs a copy of numbers, not a
// sort.

/** Beyond this share of changed customers everything is sorted anew. */
const CHANGED_SHARE_MAX = 0.25;

export type Compare = (a: number, b: number) => number;

export class SortedOrder {
  private sorted: Uint32Array = new Uint32Array(0);
  private readonly changed = new Set<number>();

  constructor(private readonly compare: Compare) {}

  /** Tells that a customer's place may have changed, or that it is new. */
  touch(no: number): void {
    this.changed.add(no);
  }

  /**
   * All of `nos` in order; `nos` is what the scope holds, each touched before it is asked for
   * first.
   */
  current(nos: readonly number[]): Uint32Array {
    const { changed, compare } = this;
    if (this.sorted.length === 0 || changed.size > nos.length * CHANGED_SHARE_MAX) {
      this.sorted = Uint32Array.from(nos).sort(compare);
    } else if (changed.size > 0) {
      const changes = Uint32Array.from(changed).sort(compare);
      this.sorted = this.merged(this.unchanged(), changes);
    }
    changed.clear();
    return this.sorted;
  }

  private unchanged(): Uint32Array {
    const { sorted, changed } = this;
    let greatest = 0;
    for (const no of changed) if (no > greatest) greatest = no;
    const isChanged = new Uint8Array(greatest + 1);
    for (const no of changed) isChanged[no] = 1;
    const kept = new Uint32Array(sorted.length);
    let count = 0;
    // An index is several times as fast here as an iterator.
    for (let i = 0; i < sorted.length; i += 1) {
      const no = sorted[i] ?? 0;
      if (isChanged[no] !== 1) kept[count++] = no;
    }
    return kept.subarray(0, count);
  }

  private merged(kept: Uint32Array, changes: Uint32Array): Uint32Array {
    const merged = new Uint32Array(kept.length + changes.length);
    let from = 0;
    for (const [i, no] of changes.entries()) {
      const place = this.placeOf(no, kept, from);
      merged.set(kept.subarray(from, place), from + i);
      merged[place + i] = no;
      from = place;
    }
    merged.set(kept.subarray(from), from + changes.length);
    return merged;
  }

  /** Index of the first customer of `kept`, from `begin` on, that comes after `no`. */
  private placeOf(no: number, kept: Uint32Array, begin: number): number {
    let low = begin;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(kept[middle] ?? 0, no) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
