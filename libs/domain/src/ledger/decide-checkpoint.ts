// What becomes of a request for a checkpoint: a pure function of the customer's state, of where its
// deltas stood at the ends of the period, and of the checkpoint that the period has already.
import { formatNano } from '../money/amount';
import type { Customer } from './customer';
import { timeText, type EventText } from './decide';
import { CHECKPOINT_COMMITTED, checkpointCommittedText, type CheckpointCommitted } from './events';
import type { Period } from './period';

/** Locks one customer's deltas of a period. */
export interface CommitCheckpoint {
  readonly period: Period;
  /** Milliseconds since the epoch, stamped at the door. */
  readonly now: number;
}

/** What a customer's deltas up to one come to; sequence 0 stands before the first. */
export interface DeltaPoint {
  readonly sequence: number;
  readonly balanceNano: bigint;
  readonly receiptId: string;
}

/** A stored checkpoint and its place in the customer's stream. */
export interface PlacedCheckpoint {
  readonly event: CheckpointCommitted;
  readonly revision: number;
}

/** What the stream says of the period, up to the customer's revision. */
export interface CheckpointFacts {
  /** The last delta recorded before the period. */
  readonly opening: DeltaPoint;
  /** Sequence of the last delta recorded before the end of the period. */
  readonly recordedSequence: number;
  /** That delta, or the last one before it that is verified. */
  readonly verified: DeltaPoint;
  /** The period's newest checkpoint. */
  readonly earlier: PlacedCheckpoint | undefined;
}

/**
 * - PERIOD_IN_FUTURE: the period has not begun.
 * - NOTHING_TO_CHECKPOINT: the customer had no delta before the end of the period.
 * - VERIFICATION_PENDING: deltas that the checkpoint has to cover are not verified yet.
 */
export type CheckpointRefusalCode =
  | 'CUSTOMER_NOT_FOUND'
  | 'CUSTOMER_FENCED'
  | 'PERIOD_IN_FUTURE'
  | 'NOTHING_TO_CHECKPOINT'
  | 'VERIFICATION_PENDING';

export type CheckpointDecision =
  | {
      readonly kind: 'committed';
      readonly events: readonly [EventText];
      readonly customer: Extract<Customer, { status: 'open' }>;
      readonly checkpoint: PlacedCheckpoint;
    }
  /** Nothing was added since: this is the period's checkpoint. */
  | { readonly kind: 'repeated'; readonly checkpoint: PlacedCheckpoint }
  | { readonly kind: 'refused'; readonly code: CheckpointRefusalCode };

/**
 * Decides one CommitCheckpoint. Of a period that has ended all recorded deltas are covered, or
 * none; of the running one those that are verified by now. A period has ended when no later event
 * of the customer can be recorded in it, since time never steps back within a customer.
 */
export function decideCommitCheckpoint(
  command: CommitCheckpoint,
  customer: Customer,
  facts: CheckpointFacts,
): CheckpointDecision {
  if (customer.status === 'absent') return refused('CUSTOMER_NOT_FOUND');
  if (customer.fenced) return refused('CUSTOMER_FENCED');
  const committedAtMs = Math.max(command.now, customer.lastRecordedAt);
  const problem = problemOf(command.period, facts, committedAtMs);
  if (problem) return refused(problem);
  const { earlier, verified } = facts;
  if (earlier && earlier.event.sequence >= verified.sequence) {
    return { kind: 'repeated', checkpoint: earlier };
  }
  const revision = customer.revision + 1;
  const event = committedEvent(command.period, facts, committedAtMs);
  return {
    kind: 'committed',
    events: [{ type: CHECKPOINT_COMMITTED, data: checkpointCommittedText(event) }],
    customer: { ...customer, revision, lastRecordedAt: committedAtMs },
    checkpoint: { event, revision },
  };
}

function problemOf(
  period: Period,
  { opening, recordedSequence, verified }: CheckpointFacts,
  committedAtMs: number,
): CheckpointRefusalCode | undefined {
  if (period.fromMs > committedAtMs) return 'PERIOD_IN_FUTURE';
  if (recordedSequence === 0) return 'NOTHING_TO_CHECKPOINT';
  const hasEnded = period.beforeMs <= committedAtMs;
  const sequenceMin = hasEnded ? recordedSequence : Math.max(1, opening.sequence);
  return verified.sequence < sequenceMin ? 'VERIFICATION_PENDING' : undefined;
}

function committedEvent(
  { period }: Period,
  { opening, verified, earlier }: CheckpointFacts,
  committedAtMs: number,
): CheckpointCommitted {
  return {
    type: CHECKPOINT_COMMITTED,
    v: 1,
    period,
    sequence: verified.sequence,
    deltaCount: verified.sequence - opening.sequence,
    openingBalance: formatNano(opening.balanceNano),
    balance: formatNano(verified.balanceNano),
    proofRoot: verified.receiptId,
    ...(earlier ? { supersedes: earlier.revision } : {}),
    committedAt: timeText(committedAtMs),
  };
}

function refused(code: CheckpointRefusalCode): CheckpointDecision {
  return { kind: 'refused', code };
}
