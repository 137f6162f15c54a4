// A stored delta taken from its text by its form: what read models need without parsing the private
// part, since a rebuild reads millions of them, and what a page shows.
import { AMOUNT_PATTERN, TIME_PATTERN } from '@deltabook/integrity';
import { DELTA_EMITTED, type DeltaEmitted } from './events';

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
const characters = (count: number): string => `(${'[^]'.repeat(count)})`;
const MARK = characters(64);
const HASH = characters(66);
/** Forms are checked: whatever else stands there is left to who knows what is damaged. */
const COUNT = '([1-9][0-9]{0,15})';
const AMOUNT = `(${AMOUNT_PATTERN})`;
const TIME = `(${TIME_PATTERN})`;
const TIME_OR_NONE = `((?:${TIME_PATTERN})?)`;

/**
 * DeltaEmitted v1 up to the private part, as deltaEmittedText() writes it. Hashes have a fixed
 * length, so they are stepped over: looking at each digit would cost as much as parsing.
 */
const PUBLIC_PART = new RegExp(
  `^\\{"v":1,(?:"idempotency":\\{"body":"${MARK}","key":"${MARK}"\\},)?` +
    `"leaf":\\{"balance":"${AMOUNT}","contentHash":"${HASH}","delta":"${AMOUNT}",` +
    `"occurredAt":"${TIME_OR_NONE}","previousProofHash":"${HASH}","recordedAt":"${TIME}",` +
    `"reference":"${characters(42)}","sequence":"${COUNT}","v":1\\},"private":`,
);

type PublicPart = readonly [
  whole: string,
  body: string | undefined,
  key: string | undefined,
  balance: string,
  contentHash: string,
  delta: string,
  occurredAt: string,
  previousProofHash: string,
  recordedAt: string,
  reference: string,
  sequence: string,
];

/** Its end: one brace closes the event, so this is a member of the event itself. */
const RECEIPT = ',"receiptId":"0x';
const RECEIPT_NAME = RECEIPT.length - '0x'.length;
const RECEIPT_ID_LENGTH = 66;
const END = '"}';
const TAIL_LENGTH = RECEIPT_NAME + RECEIPT_ID_LENGTH + END.length;

/** The public part of a text that ends with a receiptId; undefined for one in another form. */
function publicPartOf(data: string): PublicPart | undefined {
  const tailAt = data.length - TAIL_LENGTH;
  if (!data.endsWith(END) || !data.startsWith(RECEIPT, tailAt)) return undefined;
  return (PUBLIC_PART.exec(data) as unknown as PublicPart | null) ?? undefined;
}

const receiptIdOf = (data: string): string => data.slice(-RECEIPT_ID_LENGTH - END.length, -2);

/**
 * Reads the text of a stored DeltaEmitted v1; undefined when it is not in the form that this build
 * writes (another version, other spacing): then it has to be parsed.
 */
export function readDeltaText(data: string): DeltaText | undefined {
  const found = publicPartOf(data);
  if (!found) return undefined;
  const [, , keyHex, balance, , , occurredAt, , recordedAt, , sequence] = found;
  return { keyHex, balance, occurredAt, recordedAt, sequence, receiptId: receiptIdOf(data) };
}

/**
 * The event that parsing the text gives, in a third of the time, since only the private part is
 * parsed; undefined for a text in another form. Its values are cut from the text, and keep that in
 * memory for as long as they live.
 */
export function readDeltaEvent(data: string): DeltaEmitted | undefined {
  const found = publicPartOf(data);
  if (!found) return undefined;
  const content = privateOf(data.slice(found[0].length, -TAIL_LENGTH));
  if (!content) return undefined;
  const [, body, key, balance, contentHash, delta, occurredAt, ...more] = found;
  const [previousProofHash, recordedAt, reference, sequence] = more;
  const hashes = { contentHash, previousProofHash };
  return {
    type: DELTA_EMITTED,
    v: 1,
    ...(body !== undefined && key !== undefined ? { idempotency: { body, key } } : {}),
    leaf: { v: 1, reference, sequence, delta, balance, recordedAt, occurredAt, ...hashes },
    private: content,
    receiptId: receiptIdOf(data),
  };
}

function privateOf(text: string): DeltaEmitted['private'] | undefined {
  try {
    return JSON.parse(text) as DeltaEmitted['private'];
  } catch {
    // More than one value stands there: another form.
    return undefined;
  }
}

/** The same values of a parsed delta. */
export function deltaTextOf({ leaf, receiptId, idempotency }: DeltaEmitted): DeltaText {
  const { sequence, balance, recordedAt, occurredAt } = leaf;
  return { keyHex: idempotency?.key, sequence, balance, recordedAt, occurredAt, receiptId };
}
