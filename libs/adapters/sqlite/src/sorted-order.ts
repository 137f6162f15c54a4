// Customers of a scope in one order, kept while rows change: what changed is taken out, sorted and
// merged in again, so that a page costs one pass over numbers instead of a sort of everything.

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
      this.sorted = this.merged(Uint32Array.from(changed).sort(compare), nos.length);
    }
    changed.clear();
    return this.sorted;
  }

  private merged(changes: Uint32Array, length: number): Uint32Array {
    const { changed, compare } = this;
    const merged = new Uint32Array(length);
    let count = 0;
    let next = 0;
    for (const no of this.sorted) {
      if (changed.has(no)) continue;
      while (next < changes.length && compare(changes[next] ?? 0, no) < 0) {
        merged[count++] = changes[next++] ?? 0;
      }
      merged[count++] = no;
    }
    merged.set(changes.subarray(next), count);
    return merged;
  }
}
