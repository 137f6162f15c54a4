// What read models need of a stored delta, taken from its text without parsing the private part: a
// rebuild reads millions of them.
import type { DeltaEmitted } from './events';

/** Values of a DeltaEmitted as its text has them. */
export interface DeltaText {
  /** 64 hex; undefined for a delta without a key. */
  readonly keyHex: string | undefined;
  readonly sequence: string;
  readonly balance: string;
  /** RFC 3339 UTC, 3 fraction digits; texts of this form are ordered as times are. */
  readonly recordedAt: string;
  /** The same, or the empty string. */
  readonly occurredAt: string;
  readonly receiptId: string;
}

/** Written out, since V8 then steps over all of them at once. */
const characters = (count: number): string => '[^]'.repeat(count);
const MARK = characters(64);
const HASH = characters(66);

/**
 * DeltaEmitted v1 up to the private part, as deltaEmittedText() writes it. Hashes have a fixed
 * length, so they are stepped over: looking at each digit would cost as much as parsing.
 */
const PUBLIC_PART = new RegExp(
  `^\\{"v":1,(?:"idempotency":\\{"body":"${MARK}","key":"(${MARK})"\\},)?` +
    `"leaf":\\{"balance":"([^"]*)","contentHash":"${HASH}","delta":"[^"]*",` +
    `"occurredAt":"([^"]*)","previousProofHash":"${HASH}","recordedAt":"(${characters(24)})",` +
    `"reference":"${characters(42)}","sequence":"([^"]*)","v":1\\},"private":`,
);
/** Its end: one brace closes the event, so this is a member of the event itself. */
const RECEIPT = ',"receiptId":"0x';
const RECEIPT_ID_LENGTH = 66;
const END = '"}';

/**
 * Reads the text of a stored DeltaEmitted v1; undefined when it is not in the form that this build
 * writes (another version, other spacing): then it has to be parsed.
 */
export function readDeltaText(data: string): DeltaText | undefined {
  const idStart = data.length - END.length - RECEIPT_ID_LENGTH;
  const receiptStart = idStart + '0x'.length - RECEIPT.length;
  if (!data.endsWith(END) || !data.startsWith(RECEIPT, receiptStart)) return undefined;
  const match = PUBLIC_PART.exec(data);
  if (!match) return undefined;
  return {
    keyHex: match[1],
    balance: match[2] ?? '',
    occurredAt: match[3] ?? '',
    recordedAt: match[4] ?? '',
    sequence: match[5] ?? '',
    receiptId: data.slice(idStart, idStart + RECEIPT_ID_LENGTH),
  };
}

/** The same values of a parsed delta. */
export function deltaTextOf({ leaf, receiptId, idempotency }: DeltaEmitted): DeltaText {
  const { sequence, balance, recordedAt, occurredAt } = leaf;
  return { keyHex: idempotency?.key, sequence, balance, recordedAt, occurredAt, receiptId };
}
