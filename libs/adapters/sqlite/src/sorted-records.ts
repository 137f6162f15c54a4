// Fixed-size records of three words in order: what the key index and the receipt index are made
// of. A record's first word finds its page.

export const RECORD_WORDS = 3;
/**
 * Records of one batch: a sort key holds a record's first word and its place in the batch, 53 bits
 * at most.
 */
const SORTED_RECORDS_MAX = 2 ** 21;

/** Gathers records to be sorted into a run. */
export class RecordBatch {
  private unsorted = new Uint32Array(RECORD_WORDS * 1024);
  private length = 0;

  get recordCount(): number {
    return this.length / RECORD_WORDS;
  }

  protected addWords(first: number, second: number, third: number): void {
    if (this.length === this.unsorted.length) {
      const longer = new Uint32Array(this.length * 2);
      longer.set(this.unsorted);
      this.unsorted = longer;
    }
    this.unsorted[this.length] = first;
    this.unsorted[this.length + 1] = second;
    this.unsorted[this.length + 2] = third;
    this.length += RECORD_WORDS;
  }

  /** Numbers of the records with these names, as they were gathered: from 0. */
  numbersOf(names: ReadonlySet<string>): number[] {
    const numbers: number[] = [];
    for (let i = 0; i < this.recordCount && names.size > 0; i += 1) {
      if (names.has(nameOfRecord(this.unsorted, i))) numbers.push(i);
    }
    return numbers;
  }

  /** The records in order, ready to be a run. */
  sorted(): Uint32Array {
    const { unsorted, recordCount } = this;
    if (recordCount > SORTED_RECORDS_MAX)
      throw new Error(`more than ${SORTED_RECORDS_MAX} records at once`);
    // Plain numbers are sorted natively: a record's first word, then its place.
    const order = new Float64Array(recordCount);
    for (let i = 0; i < recordCount; i += 1) {
      order[i] = (unsorted[i * RECORD_WORDS] ?? 0) * SORTED_RECORDS_MAX + i;
    }
    order.sort();
    const sorted = new Uint32Array(this.length);
    for (let i = 0; i < recordCount; i += 1) {
      const from = ((order[i] ?? 0) % SORTED_RECORDS_MAX) * RECORD_WORDS;
      for (let word = 0; word < RECORD_WORDS; word += 1) {
        sorted[i * RECORD_WORDS + word] = unsorted[from + word] ?? 0;
      }
      sinkLast(sorted, i);
    }
    return sorted;
  }
}

/** Tells record `i` from others. */
export function nameOfRecord(records: Uint32Array, i: number): string {
  return records.subarray(i * RECORD_WORDS, (i + 1) * RECORD_WORDS).join();
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

/** Orders record `i` of `a` and record `j` of `b`, word by word. */
export function compareRecords(a: Uint32Array, i: number, b: Uint32Array, j: number): number {
  for (let word = 0; word < RECORD_WORDS; word += 1) {
    const difference = (a[i * RECORD_WORDS + word] ?? 0) - (b[j * RECORD_WORDS + word] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Place of the first record of a sorted page whose first word is at least this one. */
export function firstRecordWith(records: Uint32Array, firstWord: number): number {
  let begin = 0;
  let end = records.length / RECORD_WORDS;
  while (begin < end) {
    const middle = (begin + end) >>> 1;
    if ((records[middle * RECORD_WORDS] ?? 0) < firstWord) begin = middle + 1;
    else end = middle;
  }
  return begin;
}

/** Words of a stored page; SQLite's bytes need not be aligned. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

export function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
