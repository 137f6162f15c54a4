// POST /api/v1/balance/delta
import { IsBoolean, IsOptional } from 'class-validator';
import { DeltaReply } from './get-delta.contract';
import { isText, type FreeJsonLimits } from './free-json';
import type { OperationContract } from './operation-contract';
import {
  IsCustomerIdText,
  IsDeltaAmount,
  IsFreeObject,
  IsText,
  IsTimeText,
  rule,
  textSchema,
} from './rules';
import { REASON_LENGTH_MAX, REFERENCE_ID_LENGTH_MAX } from './text-limits';

export const METADATA_LIMITS = { bytesMax: 16_384, depthMax: 8 } as const satisfies FreeJsonLimits;

/** What a delta corrects: one of the two. */
export interface AdjustsBody {
  readonly referenceId?: string;
  readonly recordId?: string;
}

const ADJUSTS_MEMBERS = {
  referenceId: textSchema(1, REFERENCE_ID_LENGTH_MAX),
  recordId: textSchema(1, REFERENCE_ID_LENGTH_MAX),
};
const ADJUSTS_SCHEMA = {
  type: 'object',
  properties: ADJUSTS_MEMBERS,
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
};

/** An object with one of referenceId and recordId. */
function IsAdjusts(): PropertyDecorator {
  const sentence = 'must be an object with one of referenceId and recordId';
  return rule('isAdjusts', { schema: ADJUSTS_SCHEMA, sentence }, isAdjusts);
}

function isAdjusts(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const [member, ...more] = Object.entries(value);
  if (!member || more.length > 0) return false;
  const [name, text] = member;
  return Object.hasOwn(ADJUSTS_MEMBERS, name) && isText(text, 1, REFERENCE_ID_LENGTH_MAX);
}

export class EmitDeltaBody {
  @IsCustomerIdText()
  readonly customerId!: string;

  /** Positive adds to the balance, negative takes from it. */
  @IsDeltaAmount()
  readonly delta!: number | string;

  @IsText(1, REASON_LENGTH_MAX)
  readonly reason!: string;

  /** The caller's own id of the fact; not unique. */
  @IsOptional()
  @IsText(0, REFERENCE_ID_LENGTH_MAX)
  readonly referenceId?: string | null;

  @IsOptional()
  @IsFreeObject(METADATA_LIMITS)
  readonly metadata?: object | null;

  /** When the fact happened, where that is not now. */
  @IsOptional()
  @IsTimeText()
  readonly occurredAt?: string | null;

  @IsOptional()
  @IsAdjusts()
  readonly adjusts?: AdjustsBody | null;
}

export class EmitDeltaReply extends DeltaReply {
  /** Present where the key was used before with the same body: this is the first delta again. */
  @IsOptional()
  @IsBoolean()
  readonly idempotent?: boolean;
}

export const EMIT_DELTA = {
  id: 'emitDelta',
  method: 'POST',
  path: '/api/v1/balance/delta',
  access: 'write',
  summary: 'Emit one delta for one customer',
  successStatus: 201,
  idempotencyKey: true,
  body: EmitDeltaBody,
  reply: EmitDeltaReply,
  errors: [
    'INVALID_CUSTOMER_ID',
    'INVALID_AMOUNT',
    'IDEMPOTENCY_CONFLICT',
    'CUSTOMER_FENCED',
    'ADJUSTED_RECORD_UNKNOWN',
    'EVENT_TOO_LARGE',
    'CUSTOMER_OVERLOADED',
    'SERVICE_OVERLOADED',
    'CONTENTION',
    'STORE_UNAVAILABLE',
    'STORE_FULL',
    'PROJECTION_BUILDING',
    'TENANT_UNKNOWN',
  ],
} as const satisfies OperationContract;
