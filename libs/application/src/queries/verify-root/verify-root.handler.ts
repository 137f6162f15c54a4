// The handler of VerifyRoot: the receipt index says where the delta is, and its stored bytes are
// checked against the seal and the signed head before anything is told of it.
import { customerStream, nanoOf } from '@deltabook/domain';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { checkedDeltas } from '../../receipts/checked-deltas';
import { coveringSeal } from '../../receipts/covering-seal';
import { HistoryMismatchError } from '../../receipts/history-mismatch';
import { deltaFrom } from '../../receipts/placed-deltas';
import { SealedHistories, type SealedHistory } from '../../receipts/sealed-histories';
import { deltaOfReceipt, type FoundRoot } from '../../receipts/wanted-deltas';
import { VerifyRootQuery, type RootVerdict, type VerifiedRoot } from './verify-root.query';

@QueryHandler(VerifyRootQuery)
export class VerifyRootHandler implements IQueryHandler<VerifyRootQuery> {
  constructor(private readonly histories: SealedHistories) {}

  async execute({ proofRoot, from }: VerifyRootQuery): Promise<RootVerdict> {
    const root = await this.find(proofRoot);
    if (!root) return { kind: 'unknown' };
    const history = await this.histories.of(root.reference);
    if (history === 'CUSTOMER_FENCED') return { kind: 'failed' };
    if (history === 'NOT_VERIFIED_YET' || root.sequence > history.size) return { kind: 'waiting' };
    if (from === undefined) return this.checked(history, [root]);
    const opening = await this.find(from);
    const isAsked = opening !== undefined && isBefore(opening, root);
    return isAsked ? this.checked(history, [opening, root]) : { kind: 'unknown' };
  }

  private find(receiptId: string): Promise<FoundRoot | undefined> {
    return deltaOfReceipt(this.histories.sources, receiptId);
  }

  /** `deltas`: the root's, and before it the one after which deltas count, if not all do. */
  private async checked(
    history: SealedHistory,
    deltas: readonly [FoundRoot] | readonly [FoundRoot, FoundRoot],
  ): Promise<RootVerdict> {
    try {
      for (const delta of deltas) await this.check(history, delta);
    } catch (error) {
      if (error instanceof HistoryMismatchError) return { kind: 'failed' };
      throw error;
    }
    return deltas.length === 1
      ? this.facts(history, deltas[0], BEFORE_ALL)
      : this.facts(history, deltas[1], openingOf(deltas[0]));
  }

  private async facts(
    { scope }: SealedHistory,
    { reference, revision, sequence, text }: FoundRoot,
    opening: Opening,
  ): Promise<VerifiedRoot> {
    const { store, hashes } = this.histories.sources;
    const { recordedAt } = text;
    const first = await deltaFrom(store, customerStream(reference), opening.revision + 1, revision);
    const delta = { scope, reference, sequence, recordedAt };
    const covering = await coveringSeal(store, delta, hashes.sha256);
    return {
      kind: 'verified',
      deltaCount: sequence - opening.sequence,
      openingNano: opening.balanceNano,
      closingNano: nanoOf(text.balance),
      firstRecordedAt: first?.text.recordedAt ?? recordedAt,
      lastRecordedAt: recordedAt,
      sealedAt: covering?.sealedAt,
      sealHash: covering?.sealHash,
    };
  }

  /** Throws HistoryMismatchError where the delta is not what was sealed. */
  private async check(history: SealedHistory, { sequence, revision }: FoundRoot): Promise<void> {
    const { histories } = this;
    const outside = await histories.outside(history, { start: sequence - 1, end: sequence });
    const run = { history, first: sequence, last: sequence, revision, outside };
    for await (const checked of checkedDeltas(run, histories.sources)) void checked;
  }
}

interface Opening {
  readonly revision: number;
  readonly sequence: number;
  readonly balanceNano: bigint;
}

const BEFORE_ALL: Opening = { revision: -1, sequence: 0, balanceNano: 0n };

const openingOf = ({ revision, sequence, text }: FoundRoot): Opening => ({
  revision,
  sequence,
  balanceNano: nanoOf(text.balance),
});

const isBefore = (opening: FoundRoot, root: FoundRoot): boolean =>
  opening.reference === root.reference && opening.sequence < root.sequence;
