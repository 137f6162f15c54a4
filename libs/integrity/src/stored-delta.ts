// Takes the stored text of a delta apart where it has exactly the form in which it is written: in
// half the time that reading it as JSON takes. What has another form is for others to name.
import type { Leaf } from './leaf';
import { isCanonicalObject } from './read-json';
import { isTimeText } from './read-leaf';

export interface StoredDeltaText {
  readonly leaf: Leaf;
  /** The leaf's canonical text. */
  readonly leafJson: string;
  /** Canonical text of the private part. */
  readonly privateJson: string;
  /** `0x` + 64, of whatever characters. */
  readonly receiptId: string;
}

const HASH = '(0x[0-9a-f]{64})';
const AMOUNT = '(-?(?:0|[1-9][0-9]{0,37})(?:\\.[0-9]{0,8}[1-9])?)';
const TIME = '([0-9-]{10}T[0-9:]{8}\\.[0-9]{3}Z)';

const START = '{"v":1,';
const BODY_NAME = '"idempotency":{"body":"';
const KEY_NAME = '","key":"';
const MARKS_END = '"},';
const MARK_LENGTH = 64;
const [ZERO, NINE, LOWER_A, LOWER_F] = [48, 57, 97, 102] as const;
const LEAF = new RegExp(
  `"leaf":\\{"balance":"${AMOUNT}","contentHash":"${HASH}","delta":"${AMOUNT}",` +
    `"occurredAt":"${TIME}?","previousProofHash":"${HASH}","recordedAt":"${TIME}",` +
    // More digits than 15 may be beyond 2^53.
    '"reference":"(0x[0-9a-fA-F]{40})","sequence":"([1-9][0-9]{0,14})","v":1\\},"private":',
  'y',
);
const LEAF_NAME = '"leaf":'.length;
const PRIVATE_NAME = ',"private":'.length;
const RECEIPT_NAME = ',"receiptId":"';
const RECEIPT_ID_LENGTH = '0x'.length + 64;
const END = '"}';
const TAIL_LENGTH = RECEIPT_NAME.length + RECEIPT_ID_LENGTH + END.length;

/** Undefined for any text but that of a DeltaEmitted v1 whose leaf has no fault. */
export function readStoredDelta(data: string): StoredDeltaText | undefined {
  if (!data.startsWith(START)) return undefined;
  const leafAt = afterMarks(data, START.length);
  LEAF.lastIndex = leafAt;
  const found = LEAF.exec(data);
  const leaf = found && leafOf(found);
  const privateAt = LEAF.lastIndex;
  const tailAt = data.length - TAIL_LENGTH;
  if (!leaf || tailAt < privateAt || !isTail(data, tailAt)) return undefined;
  const privateJson = data.slice(privateAt, tailAt);
  if (!isCanonicalObject(privateJson)) return undefined;
  const leafJson = data.slice(leafAt + LEAF_NAME, privateAt - PRIVATE_NAME);
  const receiptAt = tailAt + RECEIPT_NAME.length;
  const receiptId = data.slice(receiptAt, receiptAt + RECEIPT_ID_LENGTH);
  return { leaf, leafJson, privateJson, receiptId };
}

/** Where the idempotency marks that begin at `start` end: there itself when there are none. */
function afterMarks(data: string, start: number): number {
  const bodyAt = start + BODY_NAME.length;
  const keyAt = bodyAt + MARK_LENGTH + KEY_NAME.length;
  const endAt = keyAt + MARK_LENGTH;
  const areMarks =
    data.startsWith(BODY_NAME, start) &&
    isHexAt(data, bodyAt) &&
    data.startsWith(KEY_NAME, bodyAt + MARK_LENGTH) &&
    isHexAt(data, keyAt) &&
    data.startsWith(MARKS_END, endAt);
  return areMarks ? endAt + MARKS_END.length : start;
}

/** True where 64 lower-case hex digits begin. */
function isHexAt(text: string, start: number): boolean {
  for (let at = start; at < start + MARK_LENGTH; at += 1) {
    const code = text.charCodeAt(at);
    const isDigit = (code >= ZERO && code <= NINE) || (code >= LOWER_A && code <= LOWER_F);
    if (!isDigit) return false;
  }
  return true;
}

function isTail(data: string, at: number): boolean {
  return data.startsWith(RECEIPT_NAME, at) && data.endsWith(END);
}

function leafOf(found: RegExpExecArray): Leaf | undefined {
  // One text for each group; none where no occurredAt is.
  const [, balance, contentHash, delta, occurredAt, ...more] = found as unknown as Groups;
  const [previousProofHash, recordedAt, reference, sequence] = more;
  const areAmounts = isAmount(delta) && delta !== '0' && isAmount(balance);
  const areTimes = isTimeText(recordedAt) && isTimeText(occurredAt ?? recordedAt);
  if (!areAmounts || !areTimes) return undefined;
  return {
    v: 1,
    reference,
    sequence,
    delta,
    balance,
    recordedAt,
    occurredAt: occurredAt ?? '',
    contentHash,
    previousProofHash,
  };
}

type Groups = readonly [
  whole: string,
  balance: string,
  contentHash: string,
  delta: string,
  occurredAt: string | undefined,
  previousProofHash: string,
  recordedAt: string,
  reference: string,
  sequence: string,
];

/** Of what has the form of an amount. */
const isAmount = (text: string): boolean => text !== '-0';
