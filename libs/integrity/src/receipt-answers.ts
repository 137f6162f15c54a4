// A valid receipt may still be another one than was asked for: of another customer, delta or
// period, or under a head that is older than what the reader has seen.
import { bytesEqual } from './bytes';
import type { LogHead } from './log-head';
import type { ReceiptPeriod } from './receipt';
import { refusal, type Refusal } from './refusal';
import type { VerifiedReceipt } from './verify-receipt';

/** What the reader asked for; what is left out is not compared. */
export interface ReceiptQuestion {
  readonly reference?: string;
  /** A receipt of one delta: its id. */
  readonly receiptId?: string;
  readonly period?: ReceiptPeriod;
  /** Last head of the log that the reader accepted, when the answer must be at least as new. */
  readonly seen?: LogHead;
}

export type AnswerRefusal =
  'OTHER_CUSTOMER' | 'OTHER_DELTA' | 'OTHER_PERIOD' | 'OTHER_LOG' | 'STALE_HEAD' | 'FORKED_LOG';

/** Compares a verified receipt with the question that it should answer. */
export function receiptAnswers(
  receipt: VerifiedReceipt,
  asked: ReceiptQuestion,
): { readonly ok: true } | Refusal<AnswerRefusal> {
  const { reference } = receipt.seal;
  if (asked.reference !== undefined && asked.reference !== reference) {
    return refusal('OTHER_CUSTOMER', `the receipt is of ${reference}, not ${asked.reference}`);
  }
  return contentRefusal(receipt, asked) ?? headRefusal(receipt.logHead, asked.seen) ?? { ok: true };
}

function contentRefusal(
  { deltas, period }: VerifiedReceipt,
  asked: ReceiptQuestion,
): Refusal<AnswerRefusal> | undefined {
  const [first] = deltas;
  const only = period ? 'a period' : (first?.receiptId ?? '');
  if (asked.receiptId !== undefined && asked.receiptId !== only) {
    return refusal('OTHER_DELTA', `the receipt is of ${only}, not ${asked.receiptId}`);
  }
  return !asked.period || isSamePeriod(asked.period, period)
    ? undefined
    : refusal('OTHER_PERIOD', 'the receipt is of another period than was asked for');
}

function isSamePeriod(asked: ReceiptPeriod, period: ReceiptPeriod | undefined): boolean {
  return period?.from === asked.from && period.to === asked.to;
}

function headRefusal(head: LogHead, seen?: LogHead): Refusal<AnswerRefusal> | undefined {
  if (!seen) return undefined;
  if (head.origin !== seen.origin) {
    return refusal('OTHER_LOG', `the receipt is of the log ${head.origin}, not ${seen.origin}`);
  }
  if (head.size < seen.size) {
    const sizes = `${String(head.size)} seals, ${String(seen.size)} were seen before`;
    return refusal('STALE_HEAD', `the head of the receipt has ${sizes}`);
  }
  if (head.size === seen.size && !bytesEqual(head.root, seen.root)) {
    return refusal('FORKED_LOG', 'two heads of one size have different roots: keep both as proof');
  }
  return undefined;
}
