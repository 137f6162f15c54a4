// GET /api/v1/balance/derive/:customerId
import { IsArray, IsInt, IsNumber, IsOptional, IsString } from 'class-validator';
import { DeltaFields } from './delta-fields';
import { CustomerParams } from './get-customer.contract';
import { Nested, NestedEach } from './nested';
import type { OperationContract } from './operation-contract';
import { IsBalanceText, IsWholeNumberText } from './query-text';
import { ReadQuery } from './read-query';

export const DERIVED_DELTAS_PER_PAGE = 100;
/** At most 1,000 deltas a page, after at most 10 ** 12. */
const LIMIT_MAX_EXPONENT = 3;
const OFFSET_MAX_EXPONENT = 12;

export class DeriveQuery extends ReadQuery {
  /** Added to the sum of all deltas; 0 when not given. */
  @IsOptional()
  @IsBalanceText()
  readonly startingBalance?: string;

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

  /** Deltas of the customer. */
  @IsInt()
  readonly total!: number;
}

export class DeriveReply {
  @IsString()
  readonly customerId!: string;

  @IsNumber()
  readonly startingBalance!: number;

  /** Exact. */
  @IsString()
  readonly startingBalanceDecimal!: string;

  /** The starting balance plus every delta. */
  @IsNumber()
  readonly computedBalance!: number;

  /** Exact. */
  @IsString()
  readonly computedBalanceDecimal!: string;

  @IsInt()
  readonly deltasCount!: number;

  /** Same as deltasCount. */
  @IsInt()
  readonly deltaCount!: number;

  /** receiptId of the last delta: it commits to the whole history. */
  @IsString()
  readonly latestReceiptId!: string;

  /** Same as latestReceiptId. */
  @IsString()
  readonly itemsRoot!: string;

  /** Same as latestReceiptId. */
  @IsString()
  readonly proofRoot!: string;

  @IsOptional()
  @IsString()
  readonly latestCheckpoint!: string | null;

  @IsArray()
  @NestedEach(() => DerivedDelta)
  readonly deltas!: readonly DerivedDelta[];

  @Nested(() => DerivePagination)
  readonly pagination!: DerivePagination;

  /** The reply holds every event up to this position of the log. */
  @IsString()
  readonly position!: string;
}

export const DERIVE_BALANCE = {
  id: 'deriveBalance',
  method: 'GET',
  path: '/api/v1/balance/derive/:customerId',
  access: 'read',
  summary: 'A starting balance plus all deltas, with a page of them in order',
  successStatus: 200,
  params: CustomerParams,
  query: DeriveQuery,
  reply: DeriveReply,
  errors: ['INVALID_CUSTOMER_ID', 'INVALID_AMOUNT', 'CUSTOMER_NOT_FOUND', 'CUSTOMER_FENCED'],
} as const satisfies OperationContract;
