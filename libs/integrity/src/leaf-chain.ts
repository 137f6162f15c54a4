// How one delta follows another: numbers without a gap, each linked to the hash before it, balances
// that add up, and time that never steps back.
import { nanoOfText } from './amount-text';
import { ownText } from './bytes';
import { FIRST_PREVIOUS_PROOF_HASH, type Leaf } from './leaf';

/** What the next delta must fit; of a well-formed one, since what fits is taken for well-formed. */
export interface ChainPoint {
  readonly sequence: number;
  readonly balanceNano: bigint;
  readonly receiptId: string;
  readonly recordedAt: string;
}

/** Before a customer's first delta. */
export const CHAIN_START: ChainPoint = {
  sequence: 0,
  balanceNano: 0n,
  receiptId: FIRST_PREVIOUS_PROOF_HASH,
  recordedAt: '',
};

export type ChainProblem =
  'SEQUENCE_MISMATCH' | 'LINK_MISMATCH' | 'BALANCE_MISMATCH' | 'TIME_STEPS_BACK';

/** The place in the chain that a well-formed leaf with this receiptId takes. */
export function chainPointOf(leaf: Leaf, receiptId: string): ChainPoint {
  return {
    sequence: Number(leaf.sequence),
    balanceNano: nanoOfText(leaf.balance) ?? 0n,
    receiptId,
    recordedAt: ownText(leaf.recordedAt),
  };
}

/** Everything in which a well-formed leaf does not follow `previous`. */
export function chainProblems(previous: ChainPoint, leaf: Leaf): ChainProblem[] {
  const problems: ChainProblem[] = [];
  if (leaf.sequence !== String(previous.sequence + 1)) problems.push('SEQUENCE_MISMATCH');
  if (leaf.previousProofHash !== previous.receiptId) problems.push('LINK_MISMATCH');
  const balance = previous.balanceNano + (nanoOfText(leaf.delta) ?? 0n);
  if (nanoOfText(leaf.balance) !== balance) problems.push('BALANCE_MISMATCH');
  // Texts of one form in UTC are ordered as their times are.
  if (leaf.recordedAt < previous.recordedAt) problems.push('TIME_STEPS_BACK');
  return problems;
}
