// What a verified receipt proves, as text for people and as JSON for programs.
import type { VerifiedReceipt } from '@deltabook/integrity';
import { factLines, signedAmount } from '../terminal';

export function provenJson({ seal, logHead, deltas, period }: VerifiedReceipt): string {
  const { origin, size } = logHead;
  const proven = deltas.map(({ receiptId, leaf, private: content }) => ({
    receiptId,
    leaf,
    ...(content === undefined ? {} : { private: JSON.parse(content) as object }),
  }));
  return JSON.stringify({ ok: true, seal, log: { origin, size }, deltas: proven, period });
}

export function provenLines({ seal, logHead, deltas, period }: VerifiedReceipt): readonly string[] {
  const [first] = deltas;
  const log = `${logHead.origin}, ${String(logHead.size)} seals`;
  const ofPeriod = period && {
    period: `${period.from || 'the beginning'} to ${period.to || 'the seal'}`,
    deltas: `${String(deltas.length)}, none is missing`,
    opening: period.opening,
    change: signedAmount(period.netChange),
    closing: period.openEnd ? `${period.closing}, more may follow` : period.closing,
  };
  const ofDelta = first && {
    receipt: first.receiptId,
    delta: `${signedAmount(first.leaf.delta)}, number ${first.leaf.sequence} of the customer`,
    balance: first.leaf.balance,
    recorded: first.leaf.recordedAt,
  };
  const facts = { customer: seal.reference, ...(ofPeriod ?? ofDelta), sealed: seal.sealedAt, log };
  return ['proven', ...factLines(facts)];
}
