// POST /api/v1/balance/checkpoint
import { IsBoolean, IsIn, IsInt, IsOptional, IsString } from 'class-validator';
import { CheckpointFields } from './checkpoint-fields';
import { DELTA_STATUSES, type DeltaStatusName } from './delta-fields';
import { Nested } from './nested';
import type { OperationContract } from './operation-contract';
import { IsCustomerIdText, IsPeriodText, IsTimeText } from './rules';
import { TIME_PRESET_NAMES, type TimePresetName } from './scope-query';

export class CheckpointBody {
  /** All customers when not given: they get theirs one after the other, also after a restart. */
  @IsOptional()
  @IsCustomerIdText()
  readonly customerId?: string | null;

  /** UTC month, YYYY-MM; the current one when no scope is given. */
  @IsOptional()
  @IsPeriodText()
  readonly period?: string | null;

  /** current_month, or custom beside startDate and endDate. */
  @IsOptional()
  @IsIn(TIME_PRESET_NAMES)
  readonly timePreset?: TimePresetName | null;

  /** The month as dates: its first moment, and that of the month after it. */
  @IsOptional()
  @IsTimeText()
  readonly startDate?: string | null;

  @IsOptional()
  @IsTimeText()
  readonly endDate?: string | null;
}

export class CheckpointReply extends CheckpointFields {
  /** Present where nothing was added since: this is the period's checkpoint again. */
  @IsOptional()
  @IsBoolean()
  readonly idempotent?: boolean;

  /** A read with minPosition of this sees the checkpoint. */
  @IsString()
  readonly position!: string;
}

/** How far checkpoints of all customers are. */
export class CheckpointProgress {
  /** Customers there are to see. */
  @IsInt()
  readonly customers!: number;

  /** Of them with a checkpoint of the period. */
  @IsInt()
  readonly committed!: number;

  /** Of them without a delta by the end of the period. */
  @IsInt()
  readonly empty!: number;

  /** Of them with a history that failed verification: they have none. */
  @IsInt()
  readonly fenced!: number;
}

/** Checkpoints for all customers, as they were asked for. */
export class CheckpointsReply {
  /** `chk_all_…`; GET checkpoints/:checkpointId says how far they are. */
  @IsString()
  readonly checkpointId!: string;

  /** UTC month, YYYY-MM. */
  @IsString()
  readonly period!: string;

  /** QUEUED, PROCESSING while customers are gone through, VERIFIED once all have theirs. */
  @IsIn(DELTA_STATUSES)
  readonly status!: DeltaStatusName;

  /** Null where another process is at it. */
  @IsOptional()
  @Nested(() => CheckpointProgress)
  readonly progress!: CheckpointProgress | null;

  /** RFC 3339 UTC, milliseconds. */
  @IsString()
  readonly createdAt!: string;

  @IsOptional()
  @IsString()
  readonly completedAt!: string | null;

  /** A read with minPosition of this sees the request. */
  @IsString()
  readonly position!: string;
}

export const CREATE_CHECKPOINT = {
  id: 'createCheckpoint',
  method: 'POST',
  path: '/api/v1/balance/checkpoint',
  access: 'write',
  summary: 'Lock balance and proof root of a month, for one customer or all',
  successStatus: 201,
  idempotencyKey: true,
  body: CheckpointBody,
  reply: CheckpointReply,
  otherReply: { reply: CheckpointsReply, when: 'without customerId' },
  errors: [
    'INVALID_CUSTOMER_ID',
    'INVALID_SCOPE_COMBINATION',
    'PERIOD_IN_FUTURE',
    'CUSTOMER_NOT_FOUND',
    'NOTHING_TO_CHECKPOINT',
    'CUSTOMER_FENCED',
    'VERIFICATION_PENDING',
    'CUSTOMER_OVERLOADED',
    'SERVICE_OVERLOADED',
    'CONTENTION',
    'STORE_UNAVAILABLE',
    'STORE_FULL',
    'PROJECTION_BUILDING',
    'TENANT_UNKNOWN',
    'TENANT_NOT_FOUND',
  ],
} as const satisfies OperationContract;
