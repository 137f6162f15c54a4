// How an idempotency key is kept: 12 bytes, the first 56 bits of its HMAC and the revision of its
// event. Keys of all customers share one order; two that share 56 bits are both candidates, and the
// event decides.

/**
 * A record is three words: key bits 0–31, key bits 32–55 with the revision's high byte, its low
 * word.
 */
export const RECORD_WORDS = 3;
const WORD = 0x1_0000_0000;
const LOW_KEY_DIGITS_END = 14;
/**
 * Keys of one batch: a sort key holds 32 bits of the key and the place in the batch, 53 bits at
 * most.
 */
const SORTED_KEYS_MAX = 2 ** 21;

/** The 56 bits of a key that records and filter know. */
export interface KeyPrefix {
  readonly high: number;
  /** 24 bits. */
  readonly low: number;
}

export function keyPrefix(keyHex: string): KeyPrefix {
  return {
    high: Number.parseInt(keyHex.slice(0, 8), 16),
    low: Number.parseInt(keyHex.slice(8, LOW_KEY_DIGITS_END), 16),
  };
}

/** Gathers the keys of a batch as records. */
export class KeyBatch {
  private unsorted = new Uint32Array(RECORD_WORDS * 1024);
  private length = 0;

  get keyCount(): number {
    return this.length / RECORD_WORDS;
  }

  add({ high, low }: KeyPrefix, revision: number): void {
    if (this.length === this.unsorted.length) {
      const longer = new Uint32Array(this.length * 2);
      longer.set(this.unsorted);
      this.unsorted = longer;
    }
    this.unsorted[this.length] = high;
    this.unsorted[this.length + 1] = low * 256 + Math.floor(revision / WORD);
    this.unsorted[this.length + 2] = revision % WORD;
    this.length += RECORD_WORDS;
  }

  /** The records in order, ready to be a run. */
  sorted(): Uint32Array {
    const { unsorted, keyCount } = this;
    if (keyCount > SORTED_KEYS_MAX) throw new Error(`more than ${SORTED_KEYS_MAX} keys at once`);
    // Plain numbers are sorted natively: a record's first word, then its place.
    const order = new Float64Array(keyCount);
    for (let i = 0; i < keyCount; i += 1) {
      order[i] = (unsorted[i * RECORD_WORDS] ?? 0) * SORTED_KEYS_MAX + i;
    }
    order.sort();
    const sorted = new Uint32Array(this.length);
    for (let i = 0; i < keyCount; i += 1) {
      const from = ((order[i] ?? 0) % SORTED_KEYS_MAX) * RECORD_WORDS;
      for (let word = 0; word < RECORD_WORDS; word += 1) {
        sorted[i * RECORD_WORDS + word] = unsorted[from + word] ?? 0;
      }
      sinkLast(sorted, i);
    }
    return sorted;
  }
}

/**
 * Moves record `i` before those of equal first word that are greater; there are hardly ever any.
 */
function sinkLast(records: Uint32Array, i: number): void {
  for (let at = i; at > 0 && compareRecords(records, at - 1, records, at) > 0; at -= 1) {
    const start = (at - 1) * RECORD_WORDS;
    const before = records.slice(start, start + RECORD_WORDS);
    records.copyWithin(start, start + RECORD_WORDS, start + 2 * RECORD_WORDS);
    records.set(before, start + RECORD_WORDS);
  }
}

/** Orders record `i` of `a` and record `j` of `b`: by key, then by revision. */
export function compareRecords(a: Uint32Array, i: number, b: Uint32Array, j: number): number {
  for (let word = 0; word < RECORD_WORDS; word += 1) {
    const difference = (a[i * RECORD_WORDS + word] ?? 0) - (b[j * RECORD_WORDS + word] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Revisions of the records with this key, out of a page in order. */
export function revisionsOf(records: Uint32Array, { high, low }: KeyPrefix): number[] {
  let begin = 0;
  let end = records.length / RECORD_WORDS;
  while (begin < end) {
    const middle = (begin + end) >>> 1;
    if ((records[middle * RECORD_WORDS] ?? 0) < high) begin = middle + 1;
    else end = middle;
  }
  const revisions: number[] = [];
  for (let i = begin * RECORD_WORDS; records[i] === high; i += RECORD_WORDS) {
    const second = records[i + 1] ?? 0;
    if (second >>> 8 !== low) continue;
    revisions.push((second & 0xff) * WORD + (records[i + 2] ?? 0));
  }
  return revisions;
}

/** Words of a stored page; SQLite's bytes need not be aligned. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

export function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
