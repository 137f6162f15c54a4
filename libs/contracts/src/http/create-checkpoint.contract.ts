// POST /api/v1/balance/checkpoint
import { IsBoolean, IsOptional, IsString } from 'class-validator';
import { CheckpointFields } from './checkpoint-fields';
import type { OperationContract } from './operation-contract';
import { IsCustomerIdText, IsPeriodText } from './rules';

export class CheckpointBody {
  @IsCustomerIdText()
  readonly customerId!: string;

  /** UTC month, YYYY-MM; the current one when not given. */
  @IsOptional()
  @IsPeriodText()
  readonly period?: string | null;
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

export const CREATE_CHECKPOINT = {
  id: 'createCheckpoint',
  method: 'POST',
  path: '/api/v1/balance/checkpoint',
  access: 'write',
  summary: "Lock balance and proof root of a customer's month",
  successStatus: 201,
  idempotencyKey: true,
  body: CheckpointBody,
  reply: CheckpointReply,
  errors: [
    'INVALID_CUSTOMER_ID',
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
  ],
} as const satisfies OperationContract;
