// Where derive and compare start: a balance, and a checkpoint, record or proof root that it was at.
import { IsIn, IsOptional, Matches } from 'class-validator';
import { IsBalanceText } from './query-text';
import { ScopeQuery } from './scope-query';

/** Names of two vintages: itemsRoot is proofRoot, anchorId is recordId. */
export const STARTING_CHECKPOINT_TYPES = [
  'itemsRoot',
  'anchorId',
  'proofRoot',
  'recordId',
] as const;
export type StartingCheckpointType = (typeof STARTING_CHECKPOINT_TYPES)[number];

const STARTING_CHECKPOINT = /^(?:chk_[a-z2-7]{40}|rec_[a-z2-7]{40}|0[xX][0-9a-fA-F]{64})$/;

/** The form of what a derived balance starts from. */
export function IsStartingCheckpoint(): PropertyDecorator {
  return Matches(STARTING_CHECKPOINT, {
    message: '$property must be a checkpointId, a recordId or a proof root (0x and 64 hex digits)',
  });
}

export class StartingQuery extends ScopeQuery {
  /**
   * The balance to start with: at startingCheckpoint its own when not given, else 0.
   */
  @IsOptional()
  @IsBalanceText()
  readonly startingBalance?: string;

  /** A checkpointId, recordId or proof root of the customer: deltas after it are covered. */
  @IsOptional()
  @IsStartingCheckpoint()
  readonly startingCheckpoint?: string;

  /** What startingCheckpoint is, where it is no checkpointId; told by its form when not given. */
  @IsOptional()
  @IsIn(STARTING_CHECKPOINT_TYPES)
  readonly startingCheckpointType?: StartingCheckpointType;
}
