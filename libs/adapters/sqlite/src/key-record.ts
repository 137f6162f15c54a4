// How an idempotency key is kept: 12 bytes, the first 56 bits of its HMAC and the revision of its
// event. Keys of all customers share one order; two that share 56 bits are both candidates, and the
// event decides.
import { firstRecordWith, RECORD_WORDS, RecordBatch } from './sorted-records';

/**
 * A record's words: key bits 0–31, key bits 32–55 with the revision's high byte, its low word.
 */
const WORD = 0x1_0000_0000;
const LOW_KEY_DIGITS_END = 14;

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
export class KeyBatch extends RecordBatch {
  add({ high, low }: KeyPrefix, revision: number): void {
    this.addWords(high, low * 256 + Math.floor(revision / WORD), revision % WORD);
  }
}

/** Revisions of the records with this key, out of a page in order. */
export function revisionsOf(records: Uint32Array, { high, low }: KeyPrefix): number[] {
  const revisions: number[] = [];
  const begin = firstRecordWith(records, high);
  for (let i = begin * RECORD_WORDS; records[i] === high; i += RECORD_WORDS) {
    const second = records[i + 1] ?? 0;
    if (second >>> 8 !== low) continue;
    revisions.push((second & 0xff) * WORD + (records[i + 2] ?? 0));
  }
  return revisions;
}
