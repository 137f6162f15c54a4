// GET /api/v1/balance/derive/:customerId
import { IsArray, IsInt, IsNumber, IsOptional, IsString } from 'class-validator';
import { DeltaFields } from './delta-fields';
import { CustomerParams } from './get-customer.contract';
import { Nested, NestedEach } from './nested';
import type { OperationContract } from './operation-contract';
import { IsWholeNumberText } from './query-text';
import { SpanFields } from './span-fields';
import { StartingQuery } from './starting-query';

export const DERIVED_DELTAS_PER_PAGE = 100;
/** At most 1,000 deltas a page, after at most 10 ** 12. */
const LIMIT_MAX_EXPONENT = 3;
const OFFSET_MAX_EXPONENT = 12;

export class DeriveQuery extends StartingQuery {
  /** Deltas in the reply at most; 100 when not given. The balance is always over all. */
  @IsOptional()
  @IsWholeNumberText(1, LIMIT_MAX_EXPONENT)
  readonly limit?: string;

  /** Deltas to skip, oldest first; 0 when not given. */
  @IsOptional()
  @IsWholeNumberText(0, OFFSET_MAX_EXPONENT)
  readonly offset?: string;
}

/** A delta in order; its balance includes the starting balance. */
export class DerivedDelta extends DeltaFields {
  /** The caller's time of the fact, else the time of recording. */
  @IsString()
  readonly time!: string;

  /** UTC month of recording, YYYY-MM. */
  @IsString()
  readonly window!: string;
}

export class DerivePagination {
  @IsInt()
  readonly limit!: number;

  @IsInt()
  readonly offset!: number;

  /** Deltas covered. */
  @IsInt()
  readonly total!: number;
}

export class DeriveReply extends SpanFields {
  /** The starting balance plus every delta covered. */
  @IsNumber()
  readonly computedBalance!: number;

  /** Exact. */
  @IsString()
  readonly computedBalanceDecimal!: string;

  @IsOptional()
  @IsString()
  readonly latestCheckpoint!: string | null;

  @IsArray()
  @NestedEach(() => DerivedDelta)
  readonly deltas!: readonly DerivedDelta[];

  @Nested(() => DerivePagination)
  readonly pagination!: DerivePagination;
}

export const DERIVE_BALANCE = {
  id: 'deriveBalance',
  method: 'GET',
  path: '/api/v1/balance/derive/:customerId',
  access: 'read',
  summary: 'A starting balance plus all deltas, or those of a span, with a page of them',
  successStatus: 200,
  params: CustomerParams,
  query: DeriveQuery,
  reply: DeriveReply,
  errors: [
    'INVALID_CUSTOMER_ID',
    'INVALID_AMOUNT',
    'INVALID_SCOPE_COMBINATION',
    'CUSTOMER_NOT_FOUND',
    'CHECKPOINT_NOT_FOUND',
    'CUSTOMER_FENCED',
  ],
} as const satisfies OperationContract;
