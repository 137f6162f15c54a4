// Which of many short texts may contain another, by 64 bits for each: one for every pair of
// adjacent characters, some pairs sharing one. A search looks at numbers first, at few texts.

/** Bits of the pairs of one text. */
export interface Sieve {
  readonly low: number;
  readonly high: number;
}

/** Spreads pairs over the bits: 2 ** 32 divided by the golden ratio. */
const SPREAD = 0x9e3779b1;

export class TextSieve {
  /** Two words for each number. */
  private words = new Int32Array(2 * 1024);

  /** Bits of every pair in a text; none for a text of one character. */
  static of(text: string): Sieve {
    let [low, high] = [0, 0];
    for (let i = 1; i < text.length; i += 1) {
      const pair = (text.charCodeAt(i - 1) << 16) | text.charCodeAt(i);
      const bit = Math.imul(pair, SPREAD) >>> 26;
      if (bit < 32) low |= 1 << bit;
      else high |= 1 << (bit - 32);
    }
    return { low, high };
  }

  /** Remembers the text of a number. */
  set(no: number, text: string): void {
    if (2 * no + 1 >= this.words.length) {
      const longer = new Int32Array((no + 1) * 4);
      longer.set(this.words);
      this.words = longer;
    }
    const { low, high } = TextSieve.of(text);
    this.words[2 * no] = low;
    this.words[2 * no + 1] = high;
  }

  /** Those of `nos`, from an index on, whose texts may contain the one that the bits are of. */
  candidates(nos: readonly number[], from: number, { low, high }: Sieve): number[] {
    const { words } = this;
    const candidates: number[] = [];
    // A million of these in a few milliseconds: one test of both words, nothing else in the loop.
    for (let i = from; i < nos.length; i += 1) {
      const at = 2 * (nos[i] ?? 0);
      const first = (words[at] ?? 0) & low;
      const second = (words[at + 1] ?? 0) & high;
      if (((first ^ low) | (second ^ high)) === 0) candidates.push(nos[i] ?? 0);
    }
    return candidates;
  }
}
