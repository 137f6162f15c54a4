// GET /api/v1/balance/customers
import { IsArray, IsBoolean, IsIn, IsInt, IsNumber, IsOptional, IsString } from 'class-validator';
import { Nested, NestedEach } from './nested';
import type { OperationContract } from './operation-contract';
import { Pagination } from './pagination';
import { IsWholeNumberText } from './query-text';
import { ReadQuery } from './read-query';
import { IsText } from './rules';
import { CUSTOMER_ID_LENGTH_MAX } from './text-limits';

export const CUSTOMERS_PER_PAGE = 25;
/** At most 100 customers a page and 10 ** 9 pages. */
const LIMIT_MAX_EXPONENT = 2;
const PAGE_MAX_EXPONENT = 9;

export const CUSTOMER_SORTS = ['customerId', 'balance', 'totalDeltas', 'lastActivity'] as const;
export const SORT_ORDERS = ['asc', 'desc'] as const;

export class CustomerListQuery extends ReadQuery {
  /** 1-based; 1 when not given. */
  @IsOptional()
  @IsWholeNumberText(1, PAGE_MAX_EXPONENT)
  readonly page?: string;

  /** 25 when not given. */
  @IsOptional()
  @IsWholeNumberText(1, LIMIT_MAX_EXPONENT)
  readonly limit?: string;

  /** Literal, case-sensitive part of customerId. */
  @IsOptional()
  @IsText(0, CUSTOMER_ID_LENGTH_MAX)
  readonly search?: string;

  /** The order of first appearance when not given. */
  @IsOptional()
  @IsIn(CUSTOMER_SORTS)
  readonly sortBy?: (typeof CUSTOMER_SORTS)[number];

  /** asc when not given. */
  @IsOptional()
  @IsIn(SORT_ORDERS)
  readonly sortOrder?: (typeof SORT_ORDERS)[number];
}

export class CustomerSummary {
  @IsString()
  readonly customerId!: string;

  /** `0x` + 40 hex, checksum-cased: the same for ever. */
  @IsString()
  readonly customerReference!: string;

  /** Decimal text of the reference's first 32 bits. */
  @IsString()
  readonly customerPartition!: string;

  @IsInt()
  readonly totalDeltas!: number;

  @IsNumber()
  readonly computedBalance!: number;

  /** Exact. */
  @IsString()
  readonly computedBalanceDecimal!: string;

  @IsOptional()
  @IsString()
  readonly latestCheckpoint!: string | null;

  /** Least of occurredAt, where given, and recordedAt; RFC 3339 UTC. */
  @IsOptional()
  @IsString()
  readonly firstActivity!: string | null;

  /** Greatest of the same. */
  @IsOptional()
  @IsString()
  readonly lastActivity!: string | null;

  /** Present where the customer's stored history failed verification. */
  @IsOptional()
  @IsBoolean()
  readonly fenced?: boolean;
}

/** Sums over every customer of the key's environment, whatever is searched for. */
export class CustomerTotals {
  @IsInt()
  readonly customers!: number;

  @IsInt()
  readonly deltas!: number;

  @IsNumber()
  readonly computedBalance!: number;

  /** Exact. */
  @IsString()
  readonly computedBalanceDecimal!: string;
}

export class CustomerListReply {
  @IsArray()
  @NestedEach(() => CustomerSummary)
  readonly customers!: readonly CustomerSummary[];

  @Nested(() => Pagination)
  readonly pagination!: Pagination;

  @Nested(() => CustomerTotals)
  readonly totals!: CustomerTotals;

  /** The reply holds every event up to this position of the log. */
  @IsString()
  readonly position!: string;
}

export const LIST_CUSTOMERS = {
  id: 'listCustomers',
  method: 'GET',
  path: '/api/v1/balance/customers',
  access: 'read',
  summary: 'Customer records, a page at a time',
  successStatus: 200,
  query: CustomerListQuery,
  reply: CustomerListReply,
  errors: [],
} as const satisfies OperationContract;
