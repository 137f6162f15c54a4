// What a run of linked leaves proves about a period: that none of its deltas is missing, and how
// the balance went from its start to its end.
import { nanoOfText, textOfNano } from './amount-text';
import type { Leaf } from './leaf';
import type { ReceiptDelta, ReceiptPeriod } from './receipt';
import { refusal, type Refusal } from './refusal';
import type { Seal } from './seal';

/** A delta whose place, link, balance and (where it was given) content are proven. */
export interface ProvenDelta extends ReceiptDelta {
  readonly receiptId: string;
}

/** What a period receipt proves beyond its deltas. */
export interface ProvenPeriod extends ReceiptPeriod {
  readonly opening: string;
  readonly netChange: string;
  readonly closing: string;
  /**
   * True when the customer's sealed history ends before the period does: the receipt is complete
   * as of the seal, and later deltas may follow.
   */
  readonly openEnd: boolean;
}

interface PeriodVerdict {
  readonly ok: true;
  /** Those in the period. */
  readonly deltas: readonly ProvenDelta[];
  readonly period: ProvenPeriod;
}

/**
 * Cuts the neighbours off and sums up; or says which end of the period is not shown. `run` is at
 * least one leaf, without a gap, in the tree that `seal` names.
 */
export function provenPeriod(
  period: ReceiptPeriod,
  seal: Seal,
  run: readonly ProvenDelta[],
): PeriodVerdict | Refusal<'PERIOD_INCOMPLETE'> {
  const before = run.filter(({ leaf }) => leaf.recordedAt < period.from);
  const upTo = run.filter(({ leaf }) => period.to === '' || leaf.recordedAt < period.to);
  const hasAfter = upTo.length < run.length;
  const missing = missingEnd(run, seal, { hasBefore: before.length > 0, hasAfter });
  if (missing) return refusal('PERIOD_INCOMPLETE', `the ${missing} the period is not shown`);
  const opening = balanceAfter(before.at(-1)?.leaf);
  const closing = balanceAfter(upTo.at(-1)?.leaf);
  const amounts = {
    opening: textOfNano(opening),
    netChange: textOfNano(closing - opening),
    closing: textOfNano(closing),
  };
  const openEnd = !hasAfter && (period.to === '' || seal.sealedAt < period.to);
  const deltas = upTo.slice(before.length);
  return { ok: true, deltas, period: { ...period, ...amounts, openEnd } };
}

/** A period is whole between neighbours outside it, or up to the ends of the tree. */
function missingEnd(
  run: readonly ProvenDelta[],
  seal: Seal,
  neighbours: { readonly hasBefore: boolean; readonly hasAfter: boolean },
): string | undefined {
  if (!neighbours.hasBefore && run[0]?.leaf.sequence !== '1') return 'last delta before';
  if (!neighbours.hasAfter && run.at(-1)?.leaf.sequence !== seal.size) return 'first delta after';
  return undefined;
}

/** Balance after a leaf, in nano units; zero before the first. */
function balanceAfter(leaf: Leaf | undefined): bigint {
  return leaf ? (nanoOfText(leaf.balance) ?? 0n) : 0n;
}
