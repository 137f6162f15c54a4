// GET /api/v1/balance/checkpoints
import { IsArray, IsInt, IsOptional, IsString } from 'class-validator';
import { CheckpointFields } from './checkpoint-fields';
import { Nested, NestedEach } from './nested';
import type { OperationContract } from './operation-contract';
import { IsWholeNumberText } from './query-text';
import { IsCustomerIdText } from './rules';
import { ScopeQuery } from './scope-query';

export const CHECKPOINTS_PER_PAGE = 50;
/** At most 1,000 checkpoints a page, after at most 10 ** 6: further ones are found by period. */
const LIMIT_MAX_EXPONENT = 3;
const OFFSET_MAX_EXPONENT = 6;

/** Dates name the months that they touch. */
export class CheckpointListQuery extends ScopeQuery {
  /** All customers when not given. */
  @IsOptional()
  @IsCustomerIdText()
  readonly customerId?: string;

  /** Checkpoints in the reply at most; 50 when not given. */
  @IsOptional()
  @IsWholeNumberText(1, LIMIT_MAX_EXPONENT)
  readonly limit?: string;

  /** Checkpoints to skip; 0 when not given. */
  @IsOptional()
  @IsWholeNumberText(0, OFFSET_MAX_EXPONENT)
  readonly offset?: string;
}

export class CheckpointPagination {
  @IsInt()
  readonly limit!: number;

  @IsInt()
  readonly offset!: number;

  /** Over all pages. */
  @IsInt()
  readonly total!: number;
}

export class CheckpointListReply {
  /** Newest month first, in it the newest checkpoint first. */
  @IsArray()
  @NestedEach(() => CheckpointFields)
  readonly checkpoints!: readonly CheckpointFields[];

  @Nested(() => CheckpointPagination)
  readonly pagination!: CheckpointPagination;

  /** The reply holds every event up to this position of the log. */
  @IsString()
  readonly position!: string;
}

export const LIST_CHECKPOINTS = {
  id: 'listCheckpoints',
  method: 'GET',
  path: '/api/v1/balance/checkpoints',
  access: 'read',
  summary: 'Checkpoints of one customer or all, by month',
  successStatus: 200,
  query: CheckpointListQuery,
  reply: CheckpointListReply,
  errors: ['INVALID_SCOPE_COMBINATION', 'CUSTOMER_NOT_FOUND'],
} as const satisfies OperationContract;
