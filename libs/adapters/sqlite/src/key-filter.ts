// Says "surely not used" of a new idempotency key without I/O: a blocked Bloom filter in memory
// that the threads share. The projector sets bits before the rows they speak of become visible.
import type { KeyPrefix } from './key-record';
import { RECORD_WORDS } from './sorted-records';

/** One block is one cache line: a question costs one miss, however many bits it asks. */
const BLOCK_WORDS = 16;
export const FILTER_BLOCK_BYTES = BLOCK_WORDS * 4;
const WORD = 0x1_0000_0000;
/** Bits set for a key: three out of each of two mixed words, nine bits of place each. */
const PLACES_PER_WORD = 3;
const PLACE_BITS = 9;
const PLACE_MASK = 2 ** PLACE_BITS - 1;

/** Scatters 32 bits (the finalizer of MurmurHash3). */
function mix(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

export class KeyFilter {
  private readonly words: Int32Array;
  private readonly blockCount: number;

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
    this.blockCount = Math.floor(this.words.length / BLOCK_WORDS);
  }

  add(key: KeyPrefix): void {
    const { words } = this;
    const block = this.blockOf(key);
    let scattered = mix(key.low ^ Math.imul(key.high, 0x9e3779b1));
    for (let round = 0; round < 2; round += 1) {
      for (let i = 0; i < PLACES_PER_WORD; i += 1) {
        const place = (scattered >>> (i * PLACE_BITS)) & PLACE_MASK;
        const word = block + (place >>> 5);
        words[word] = (words[word] ?? 0) | (1 << (place & 31));
      }
      scattered = mix(scattered ^ key.high);
    }
  }

  /** Adds the keys of a page of records. */
  addRecords(records: Uint32Array): void {
    for (let i = 0; i < records.length; i += RECORD_WORDS) {
      this.add({ high: records[i] ?? 0, low: (records[i + 1] ?? 0) >>> 8 });
    }
  }

  /** False when the key was surely never added. */
  mayHave(key: KeyPrefix): boolean {
    const { words } = this;
    const block = this.blockOf(key);
    let scattered = mix(key.low ^ Math.imul(key.high, 0x9e3779b1));
    for (let round = 0; round < 2; round += 1) {
      for (let i = 0; i < PLACES_PER_WORD; i += 1) {
        const place = (scattered >>> (i * PLACE_BITS)) & PLACE_MASK;
        if ((((words[block + (place >>> 5)] ?? 0) >>> (place & 31)) & 1) === 0) return false;
      }
      scattered = mix(scattered ^ key.high);
    }
    return true;
  }

  /**
   * By the key's high bits, so that keys in order walk the memory in order when it is filled at
   * start.
   */
  private blockOf({ high }: KeyPrefix): number {
    return Math.floor((high / WORD) * this.blockCount) * BLOCK_WORDS;
  }
}
