// Compares what the reply of a receipt says with what its proof proves: callers read the reply, so
// that none of it may be more than is proven.
import type { DerivedDelta, ReceiptReply } from '@deltabook/contracts';
import type { ProvenDelta, VerifiedReceipt } from '@deltabook/integrity';

/** Members of the reply that the proof does not bear out; none when all is well. */
export function unprovenMembers(reply: ReceiptReply, receipt: VerifiedReceipt): readonly string[] {
  const { seal, deltas } = receipt;
  const root = deltas.at(-1)?.receiptId ?? null;
  const { opening, closing } = balancesOf(receipt);
  const expected: Partial<ReceiptReply> = {
    customerReference: seal.reference,
    proofRoot: root,
    itemsRoot: root,
    receiptId: root,
    deltasCount: deltas.length,
    deltaCount: deltas.length,
    ...(opening === undefined ? {} : balance('startingBalance', opening)),
    ...(closing === undefined ? {} : balance('finalBalance', closing)),
  };
  const wrong = differences(reply, expected);
  if (reply.deltas.length !== deltas.length) return [...wrong, 'deltas'];
  return [...wrong, ...deltas.flatMap((delta, at) => unprovenOf(reply.deltas[at], delta, at))];
}

function balancesOf({ period, deltas }: VerifiedReceipt) {
  if (period) return { opening: period.opening, closing: period.closing };
  return { opening: undefined, closing: deltas[0]?.leaf.balance };
}

function balance(name: 'startingBalance' | 'finalBalance', decimal: string) {
  return { [name]: Number(decimal), [`${name}Decimal`]: decimal };
}

function unprovenOf(row: DerivedDelta | undefined, delta: ProvenDelta, at: number): string[] {
  const { leaf, receiptId } = delta;
  const expected = {
    receiptId,
    sequenceNumber: Number(leaf.sequence),
    delta: Number(leaf.delta),
    deltaDecimal: leaf.delta,
    computedBalance: Number(leaf.balance),
    computedBalanceDecimal: leaf.balance,
    recordedAt: leaf.recordedAt,
    contentHash: leaf.contentHash,
    ...contentOf(delta),
  };
  return differences(row ?? {}, expected).map((name) => `deltas[${at}].${name}`);
}

/** What was hashed of the content; a copy without content shows none. */
function contentOf({ private: text }: ProvenDelta): object {
  const content = (text === undefined ? {} : JSON.parse(text)) as Partial<DerivedDelta>;
  const { reason = '', referenceId = null, metadata = null } = content;
  return { reason, referenceId, metadata };
}

function differences(actual: object, expected: object): string[] {
  const found = actual as Readonly<Record<string, unknown>>;
  return Object.entries(expected)
    .filter(([name, value]) => !isEqual(found[name], value))
    .map(([name]) => name);
}

/** Both sides are JSON; members may stand in any order. */
function isEqual(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other;
  if (one === null || other === null) return one === other;
  const [left, right] = [Object.entries(one), new Map(Object.entries(other))];
  return (
    left.length === right.size && left.every(([name, value]) => isEqual(value, right.get(name)))
  );
}
