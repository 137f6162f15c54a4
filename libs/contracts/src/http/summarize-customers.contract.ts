// GET /api/v1/balance/customers/summary
import { IsInt, IsNumber, IsOptional, IsString } from 'class-validator';
import { Nested } from './nested';
import type { OperationContract } from './operation-contract';
import { ReadQuery } from './read-query';

/** How far the deltas up to the reply's position have come. */
export class VerificationHealth {
  @IsInt()
  readonly recorded!: number;

  @IsInt()
  readonly projected!: number;

  /** Recorded and not yet verified. */
  @IsInt()
  readonly queued!: number;

  @IsInt()
  readonly verified!: number;

  /** Customers whose stored history failed verification. */
  @IsInt()
  readonly fencedCustomers!: number;
}

export class CustomersSummaryReply {
  @IsInt()
  readonly totalCustomers!: number;

  @IsInt()
  readonly totalDeltas!: number;

  @IsNumber()
  readonly computedBalance!: number;

  /** Exact. */
  @IsString()
  readonly computedBalanceDecimal!: string;

  @IsOptional()
  @IsString()
  readonly firstActivity!: string | null;

  @IsOptional()
  @IsString()
  readonly lastActivity!: string | null;

  @Nested(() => VerificationHealth)
  readonly verification!: VerificationHealth;

  /** The reply holds every event up to this position of the log. */
  @IsString()
  readonly position!: string;
}

export const SUMMARIZE_CUSTOMERS = {
  id: 'summarizeCustomers',
  method: 'GET',
  path: '/api/v1/balance/customers/summary',
  access: 'read',
  summary: 'Counts and sums over all customer records',
  successStatus: 200,
  query: ReadQuery,
  reply: CustomersSummaryReply,
  errors: [],
} as const satisfies OperationContract;
