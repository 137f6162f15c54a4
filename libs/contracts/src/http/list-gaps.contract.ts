// GET /api/v1/balance/gaps/:customerId
import { IsArray, IsBoolean, IsInt, IsOptional, IsString } from 'class-validator';
import { CustomerParams } from './get-customer.contract';
import { NestedEach } from './nested';
import type { OperationContract } from './operation-contract';
import { IsWholeNumberText } from './query-text';
import { ReadQuery } from './read-query';

export const GAPS_PER_PAGE = 100;
/** At most 1,000 gaps a page, among 10 ** 12 deltas. */
const LIMIT_MAX_EXPONENT = 3;
const SEQUENCE_MAX_EXPONENT = 12;

export class GapsQuery extends ReadQuery {
  /** First sequence number to look at; 1 when not given. */
  @IsOptional()
  @IsWholeNumberText(1, SEQUENCE_MAX_EXPONENT)
  readonly fromSequence?: string;

  /** Last one; the customer's last delta when not given. */
  @IsOptional()
  @IsWholeNumberText(1, SEQUENCE_MAX_EXPONENT)
  readonly toSequence?: string;

  /** Gaps in the reply at most; 100 when not given. */
  @IsOptional()
  @IsWholeNumberText(1, LIMIT_MAX_EXPONENT)
  readonly limit?: string;
}

/** Sequence numbers that are missing, both included. */
export class Gap {
  @IsInt()
  readonly fromSequence!: number;

  @IsInt()
  readonly toSequence!: number;
}

export class GapsReply {
  @IsString()
  readonly customerId!: string;

  @IsInt()
  readonly fromSequence!: number;

  @IsInt()
  readonly toSequence!: number;

  /** Deltas of the customer. */
  @IsInt()
  readonly totalDeltas!: number;

  /** Deltas that were verified: up to this sequence number. */
  @IsInt()
  readonly verifiedDeltas!: number;

  @IsBoolean()
  readonly hasGaps!: boolean;

  @IsArray()
  @NestedEach(() => Gap)
  readonly gaps!: readonly Gap[];

  /** `fromSequence` of what was not looked at yet; null when all was. */
  @IsOptional()
  @IsInt()
  readonly nextSequence!: number | null;

  /** Present where the customer's stored history failed verification. */
  @IsOptional()
  @IsBoolean()
  readonly fenced?: boolean;

  /** The reply holds every event up to this position of the log. */
  @IsString()
  readonly position!: string;
}

export const LIST_GAPS = {
  id: 'listGaps',
  method: 'GET',
  path: '/api/v1/balance/gaps/:customerId',
  access: 'read',
  summary: 'Sequence numbers that the stored history of a customer lacks; none unless damaged',
  successStatus: 200,
  params: CustomerParams,
  query: GapsQuery,
  reply: GapsReply,
  errors: ['INVALID_CUSTOMER_ID', 'CUSTOMER_NOT_FOUND'],
} as const satisfies OperationContract;
