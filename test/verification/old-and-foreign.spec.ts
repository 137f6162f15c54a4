// Receipts that are honest each by itself, and still not what was asked for: in part, under an old
// head, of another log, of a fork of it, or of somebody else.
import {
  receiptAnswers,
  verifyReceipt,
  type Receipt,
  type VerifiedReceipt,
} from '@deltabook/integrity';
import { nodeCrypto } from '../support/sealed-log';
import {
  historyOf,
  KEYS,
  logOf,
  OTHERS,
  receiptOf,
  refusalOf,
  SEALED_AT,
  SIGNER,
  timeOf,
  WHOLE,
  type Entry,
} from '../support/told-history';

const honest = [1, 2, 3, 4].map((n): Entry => ({ amount: n, minute: n, reason: `reason ${n}` }));
const history = historyOf(honest);
const { log, index } = logOf(history, SIGNER);

function accepted(receipt: Receipt): VerifiedReceipt {
  const verdict = verifyReceipt(receipt, KEYS, nodeCrypto);
  if (!verdict.ok) throw new Error(`refused: ${verdict.problem}`);
  return verdict;
}

it('shows less than the whole period', () => {
  for (const [from, to] of [
    [1, 3],
    [2, 4],
    [2, 3],
  ] as const) {
    const part = log.receipt(history, index, history.deltas(from, to, true), WHOLE);
    expect(refusalOf(part)).toBe('PERIOD_INCOMPLETE');
  }
});

it('under an older head is stale to who has seen a newer one', () => {
  const grown = historyOf(honest);
  const old = logOf(grown, SIGNER);
  const seen = accepted(receiptOf(grown, old));
  grown.emit(5, timeOf(5), { reason: 'reason 5' });
  const later = old.log.append(grown.seal(SEALED_AT));
  const fresh = accepted(receiptOf(grown, { log: old.log, index: later }));
  expect(receiptAnswers(seen, { seen: fresh.logHead })).toMatchObject({ reason: 'STALE_HEAD' });
  expect(receiptAnswers(fresh, { seen: seen.logHead })).toEqual({ ok: true });
});

it('of another log of the same key is foreign', () => {
  const foreign = logOf(history, SIGNER, 'deltabook.example/other-sandbox');
  expect(refusalOf(receiptOf(history, foreign))).toBe('UNTRUSTED_KEY');
});

it('of a fork of the log contradicts what was seen', () => {
  const other = historyOf(honest.slice(1));
  const forked = accepted(receiptOf(other, logOf(other, SIGNER)));
  const seen = accepted(receiptOf(history, { log, index })).logHead;
  expect(receiptAnswers(forked, { seen })).toMatchObject({ reason: 'FORKED_LOG' });
});

it('of another customer does not answer', () => {
  const answer = receiptAnswers(accepted(receiptOf(history, { log, index })), {
    reference: OTHERS,
  });
  expect(answer).toMatchObject({ reason: 'OTHER_CUSTOMER' });
});
