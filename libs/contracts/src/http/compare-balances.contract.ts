// POST /api/v1/balance/compare
import { IsBoolean, IsIn, IsNumber, IsOptional, IsString } from 'class-validator';
import type { OperationContract } from './operation-contract';
import { ReadQuery } from './read-query';
import { IsBalanceAmount, IsCustomerIdText, IsPeriodText, IsTimeText } from './rules';
import { TIME_PRESET_NAMES, type TimePresetName } from './scope-query';
import { SpanFields } from './span-fields';
import {
  IsStartingCheckpoint,
  STARTING_CHECKPOINT_TYPES,
  type StartingCheckpointType,
} from './starting-query';

export class CompareBody {
  @IsCustomerIdText()
  readonly customerId!: string;

  @IsBalanceAmount()
  readonly yourBalance!: number | string;

  @IsBalanceAmount()
  readonly theirBalance!: number | string;

  /** The balance to start with: at startingCheckpoint its own when not given, else 0. */
  @IsOptional()
  @IsBalanceAmount()
  readonly startingBalance?: number | string | null;

  /** A checkpointId, recordId or proof root of the customer: deltas after it are covered. */
  @IsOptional()
  @IsStartingCheckpoint()
  readonly startingCheckpoint?: string | null;

  /** What startingCheckpoint is, where it is no checkpointId; told by its form when not given. */
  @IsOptional()
  @IsIn(STARTING_CHECKPOINT_TYPES)
  readonly startingCheckpointType?: StartingCheckpointType | null;

  /** UTC month, YYYY-MM. */
  @IsOptional()
  @IsPeriodText()
  readonly period?: string | null;

  /** current_month, or custom beside startDate and endDate. */
  @IsOptional()
  @IsIn(TIME_PRESET_NAMES)
  readonly timePreset?: TimePresetName | null;

  /** Recorded from then on. */
  @IsOptional()
  @IsTimeText()
  readonly startDate?: string | null;

  /** Recorded before then. */
  @IsOptional()
  @IsTimeText()
  readonly endDate?: string | null;
}

/** Discrepancies are what a side claims less what the recorded deltas come to. */
export class CompareReply extends SpanFields {
  /** The starting balance plus every delta covered. */
  @IsNumber()
  readonly neutralBalance!: number;

  /** Exact. */
  @IsString()
  readonly neutralBalanceDecimal!: string;

  @IsNumber()
  readonly yourBalance!: number;

  /** Exact. */
  @IsString()
  readonly yourBalanceDecimal!: string;

  @IsNumber()
  readonly theirBalance!: number;

  /** Exact. */
  @IsString()
  readonly theirBalanceDecimal!: string;

  @IsBoolean()
  readonly matchesYours!: boolean;

  @IsBoolean()
  readonly matchesTheirs!: boolean;

  @IsNumber()
  readonly yourDiscrepancy!: number;

  /** Exact. */
  @IsString()
  readonly yourDiscrepancyDecimal!: string;

  @IsNumber()
  readonly theirDiscrepancy!: number;

  /** Exact. */
  @IsString()
  readonly theirDiscrepancyDecimal!: string;
}

export const COMPARE_BALANCES = {
  id: 'compareBalances',
  method: 'POST',
  path: '/api/v1/balance/compare',
  access: 'read',
  summary: 'Which of two claims about a balance the recorded deltas bear out',
  successStatus: 201,
  query: ReadQuery,
  body: CompareBody,
  reply: CompareReply,
  errors: [
    'INVALID_CUSTOMER_ID',
    'INVALID_AMOUNT',
    'INVALID_SCOPE_COMBINATION',
    'CUSTOMER_NOT_FOUND',
    'CHECKPOINT_NOT_FOUND',
    'CUSTOMER_FENCED',
  ],
} as const satisfies OperationContract;
