// POST /api/v1/balance/delta/batch
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
} from 'class-validator';
import { DELTA_STATUSES, type DeltaStatusName } from './delta-fields';
import { EMIT_DELTA, EmitDeltaBody } from './emit-delta.contract';
import { IsKeyText } from './idempotency-key';
import { NestedEach } from './nested';
import type { OperationContract } from './operation-contract';

export const BATCH_ITEMS_MAX = 1_000;
export const BATCH_BODY_BYTES_MAX = 4 * 1024 * 1024;

export class BatchItemBody extends EmitDeltaBody {
  /** Key of this item; only where the batch has no Idempotency-Key. */
  @IsOptional()
  @IsKeyText()
  readonly idempotencyKey?: string | null;
}

export class EmitBatchBody {
  /** A wrong item is answered as FAILED, the others are recorded. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(BATCH_ITEMS_MAX)
  @NestedEach(() => BatchItemBody)
  readonly deltas!: readonly BatchItemBody[];
}

/** What became of one item: recorded, or FAILED with `error`. */
export class BatchItemResult {
  /** Place in the request, from 0. */
  @IsInt()
  readonly index!: number;

  @IsOptional()
  @IsString()
  readonly customerId!: string | null;

  @IsOptional()
  @IsNumber()
  readonly delta!: number | null;

  /** FAILED: refused, nothing of this item was recorded. */
  @IsIn(DELTA_STATUSES)
  readonly status!: DeltaStatusName;

  /** Code of the table of errors. */
  @IsOptional()
  @IsString()
  readonly error?: string;

  @IsOptional()
  @IsString()
  readonly message?: string;

  @IsOptional()
  @IsString()
  readonly field?: string;

  @IsOptional()
  @IsInt()
  readonly retryAfterSeconds?: number;

  /** Present where this item was recorded before. */
  @IsOptional()
  @IsBoolean()
  readonly idempotent?: boolean;

  @IsOptional()
  @IsString()
  readonly recordId?: string;

  /** Same as recordId. */
  @IsOptional()
  @IsString()
  readonly anchorId?: string;

  @IsOptional()
  @IsString()
  readonly receiptId?: string;

  /** Exact. */
  @IsOptional()
  @IsString()
  readonly deltaDecimal?: string;

  /** Balance after this delta. */
  @IsOptional()
  @IsNumber()
  readonly computedBalance?: number;

  /** Exact. */
  @IsOptional()
  @IsString()
  readonly computedBalanceDecimal?: string;

  @IsOptional()
  @IsInt()
  readonly sequenceNumber?: number;

  @IsOptional()
  @IsString()
  readonly recordedAt?: string;

  @IsOptional()
  @IsString()
  readonly position?: string;
}

export class EmitBatchReply {
  @IsInt()
  readonly totalQueued!: number;

  @IsInt()
  readonly totalFailed!: number;

  /** One for each item, in order. */
  @IsArray()
  @NestedEach(() => BatchItemResult)
  readonly results!: readonly BatchItemResult[];

  /** A read with this minPosition sees every recorded item; null where none was. */
  @IsOptional()
  @IsString()
  readonly position!: string | null;
}

export const EMIT_BATCH = {
  id: 'emitBatch',
  method: 'POST',
  path: '/api/v1/balance/delta/batch',
  access: 'write',
  summary: 'Emit up to 1,000 deltas; each has its own result',
  successStatus: 201,
  idempotencyKey: true,
  bodyBytesMax: BATCH_BODY_BYTES_MAX,
  body: EmitBatchBody,
  reply: EmitBatchReply,
  errors: EMIT_DELTA.errors,
} as const satisfies OperationContract;
