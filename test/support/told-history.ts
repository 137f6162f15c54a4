// A history as somebody tells it, sealed in a log between seals of others, and receipts of it.
import { verifyReceipt, type Receipt, type ReceiptRefusal } from '@deltabook/integrity';
import { History, nodeCrypto, ORIGIN, SealLog, Signer } from './sealed-log';

export const REFERENCE = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
export const OTHERS = '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb';
export const WHOLE = { from: '', to: '' };
export const SEALED_AT = '2026-06-01T00:00:00.000Z';

export interface Entry {
  readonly amount: number;
  /** Minutes after midnight. */
  readonly minute: number;
  readonly reason: string;
}

export const timeOf = (minute: number): string =>
  new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString();

export function historyOf(entries: readonly Entry[], reference = REFERENCE): History {
  const history = new History('alice', reference);
  for (const { amount, minute, reason } of entries) {
    history.emit(amount, timeOf(minute), { reason });
  }
  return history;
}

/** A log in which the history is sealed between seals of others. */
export function logOf(
  history: History,
  signer: Signer,
  origin = ORIGIN,
): { log: SealLog; index: number } {
  const log = new SealLog(origin, signer);
  const other = historyOf([{ amount: 1, minute: 0, reason: 'other' }], OTHERS);
  log.append(other.seal(SEALED_AT));
  const index = log.append(history.seal(SEALED_AT));
  other.emit(1, timeOf(1));
  log.append(other.seal(SEALED_AT));
  return { log, index };
}

/** Receipt of everything under a seal, or of one delta where `sequence` is given. */
export function receiptOf(
  history: History,
  { log, index }: { readonly log: SealLog; readonly index: number },
  sequence?: number,
): Receipt {
  return sequence === undefined
    ? log.receipt(history, index, history.deltas(1, history.tree.size, true), WHOLE)
    : log.receipt(history, index, history.deltas(sequence, sequence, true));
}

export const SIGNER = new Signer('the installation');
export const LIAR = new Signer('the liar');
export const KEYS = [SIGNER.verifierKey(ORIGIN)];

export function refusalOf(receipt: Receipt): ReceiptRefusal | undefined {
  const verdict = verifyReceipt(receipt, KEYS, nodeCrypto);
  return verdict.ok ? undefined : verdict.reason;
}

export type Lie = (honest: readonly Entry[], at: number) => Entry[];

const changed =
  (change: (entry: Entry) => Entry): Lie =>
  (honest, at) =>
    honest.map((entry, i) => (i === at ? change(entry) : entry));

/** Each tells another history than the honest one. */
export const LIES: Readonly<Record<string, Lie>> = {
  'another amount': changed((entry) => ({ ...entry, amount: entry.amount + 100 })),
  'the opposite amount': changed((entry) => ({ ...entry, amount: -entry.amount })),
  'another reason': changed((entry) => ({ ...entry, reason: 'made up' })),
  'a delta dropped': (honest, at) => honest.filter((_, i) => i !== at),
  'a delta added': (honest, at) => {
    const { minute } = honest[at] as Entry;
    return honest.toSpliced(at, 0, { amount: 3, minute, reason: 'made up' });
  },
  'a delta repeated': (honest, at) => honest.toSpliced(at, 0, honest[at] as Entry),
  'two deltas swapped': (honest, at) => {
    const [i, j] = at === 0 ? [0, 1] : [at - 1, at];
    const [first, second] = [honest[i] as Entry, honest[j] as Entry];
    const swapped = { ...first, minute: second.minute };
    return honest.toSpliced(i, 2, { ...second, minute: first.minute }, swapped);
  },
};

/** The head of a receipt over the signature that the honest head has. */
export function spliced(honest: History, { sealProof }: Receipt): string {
  const [text] = sealProof.logHead.split('\n\n');
  const [, signature] = logOf(honest, SIGNER).log.head().split('\n\n');
  return `${text}\n\n${signature}`;
}
