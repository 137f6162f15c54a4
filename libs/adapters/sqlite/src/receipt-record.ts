// How a receipt is found: 12 bytes, the first 32 bits of its receiptId, the number of its customer
// and the revision of its delta. Ids that share 32 bits are all candidates, and the event decides.
import type { ReceiptPlace } from '@deltabook/application/threads';
import { firstRecordWith, RECORD_WORDS, RecordBatch } from './sorted-records';

const WORD = 0x1_0000_0000;
const HEX_MARK = '0x';
const PREFIX_BYTES = 4;
const PREFIX_DIGITS = 2 * PREFIX_BYTES;

/** First 32 bits of a receiptId (`0x` + 64 hex). */
export function receiptPrefix(receiptId: string): number {
  return Number.parseInt(receiptId.slice(HEX_MARK.length, HEX_MARK.length + PREFIX_DIGITS), 16);
}

/** First 32 bits of a hash. */
function prefixOfHash(hash: Uint8Array): number {
  let prefix = 0;
  for (let at = 0; at < PREFIX_BYTES; at += 1) prefix = prefix * 256 + (hash[at] ?? 0);
  return prefix;
}

/** Gathers receipts as records. */
export class ReceiptBatch extends RecordBatch {
  /** Throws RangeError for a customer or revision beyond 32 bits. */
  add({ leafHash, ...place }: ReceiptPlace): void {
    this.addPlace(prefixOfHash(leafHash), place);
  }

  /** The same by its receiptId (`0x` + 64 hex). */
  addNamed(receiptId: string, place: Omit<ReceiptPlace, 'leafHash'>): void {
    this.addPlace(receiptPrefix(receiptId), place);
  }

  private addPlace(prefix: number, { customerNo, revision }: Omit<ReceiptPlace, 'leafHash'>): void {
    if (customerNo >= WORD || revision >= WORD) {
      const place = `revision ${revision} of customer ${customerNo}`;
      throw new RangeError(`${place} lies beyond what the receipt index can name`);
    }
    this.addWords(prefix, customerNo, revision);
  }
}

/** Where receipts with this prefix may lie, out of a page in order. */
export function receiptPlacesOf(
  records: Uint32Array,
  prefix: number,
): { readonly customerNo: number; readonly revision: number }[] {
  const places: { customerNo: number; revision: number }[] = [];
  const begin = firstRecordWith(records, prefix);
  for (let i = begin * RECORD_WORDS; records[i] === prefix; i += RECORD_WORDS) {
    places.push({ customerNo: records[i + 1] ?? 0, revision: records[i + 2] ?? 0 });
  }
  return places;
}
