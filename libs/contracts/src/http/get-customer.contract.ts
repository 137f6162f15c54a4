// GET /api/v1/balance/customers/:customerId
import { IsIn, IsOptional, IsString } from 'class-validator';
import { RecentActivity } from './customer-activity';
import { DELTA_STATUSES } from './delta-fields';
import { CustomerSummary } from './list-customers.contract';
import { Nested } from './nested';
import type { OperationContract } from './operation-contract';
import { IsWholeNumberText } from './query-text';
import { ReadQuery } from './read-query';
import { IsText, IsTimeText } from './rules';
import { REASON_LENGTH_MAX, REFERENCE_ID_LENGTH_MAX } from './text-limits';

export const ACTIVITY_PER_PAGE = 20;
/** At most 100 deltas a page, 10 ** 9 pages and 10 ** 12 revisions. */
const LIMIT_MAX_EXPONENT = 2;
const PAGE_MAX_EXPONENT = 9;
const CURSOR_MAX_EXPONENT = 12;

const LOWER_CASE_STATUSES = DELTA_STATUSES.map((status) => status.toLowerCase());

export class CustomerParams {
  @IsString()
  readonly customerId!: string;
}

export class CustomerQuery extends ReadQuery {
  /** 1-based, newest first; 1 when not given. Not together with a filter or a cursor. */
  @IsOptional()
  @IsWholeNumberText(1, PAGE_MAX_EXPONENT)
  readonly deltaPage?: string;

  /** 20 when not given. */
  @IsOptional()
  @IsWholeNumberText(1, LIMIT_MAX_EXPONENT)
  readonly deltaLimit?: string;

  /** Goes on where an earlier reply ended: its `recentActivity.nextCursor`. */
  @IsOptional()
  @IsWholeNumberText(0, CURSOR_MAX_EXPONENT)
  readonly cursor?: string;

  /** Filter: status, in lower or upper case. */
  @IsOptional()
  @IsIn([...DELTA_STATUSES, ...LOWER_CASE_STATUSES])
  readonly status?: string;

  /** Filter: literal, case-sensitive part of the reason. */
  @IsOptional()
  @IsText(0, REASON_LENGTH_MAX)
  readonly reason?: string;

  /** Filter: the whole referenceId. */
  @IsOptional()
  @IsText(0, REFERENCE_ID_LENGTH_MAX)
  readonly referenceId?: string;

  /** Filter: deltas whose time is this date or date-time (RFC 3339) or later. */
  @IsOptional()
  @IsTimeText()
  readonly startDate?: string;

  /** Filter: deltas whose time is before this date or date-time (RFC 3339). */
  @IsOptional()
  @IsTimeText()
  readonly endDate?: string;
}

export class CustomerReply extends CustomerSummary {
  @Nested(() => RecentActivity)
  readonly recentActivity!: RecentActivity;

  /** The reply holds every event up to this position of the log. */
  @IsString()
  readonly position!: string;
}

export const GET_CUSTOMER = {
  id: 'getCustomer',
  method: 'GET',
  path: '/api/v1/balance/customers/:customerId',
  access: 'read',
  summary: 'One customer record with its activity',
  successStatus: 200,
  params: CustomerParams,
  query: CustomerQuery,
  reply: CustomerReply,
  errors: ['INVALID_CUSTOMER_ID', 'CUSTOMER_NOT_FOUND', 'CUSTOMER_FENCED'],
} as const satisfies OperationContract;
