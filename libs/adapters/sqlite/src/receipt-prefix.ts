// How a receiptId is found: by its first 52 bits, which a number holds exactly.

const PREFIX_DIGITS = 13;
const HEX_MARK = '0x';

/** First 52 bits of a receiptId (`0x` + 64 hex). */
export function receiptPrefix(receiptId: string): number {
  return Number.parseInt(receiptId.slice(HEX_MARK.length, HEX_MARK.length + PREFIX_DIGITS), 16);
}
