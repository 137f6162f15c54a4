// GET /api/v1/balance/customers/:customerId
import {
  GetCustomerQuery,
  type ActivityFilter,
  type ActivityRequest,
  type DeltaStatus,
} from '@deltabook/application';
import {
  ACTIVITY_PER_PAGE,
  GET_CUSTOMER,
  type ActivityPagination,
  type CustomerParams,
  type CustomerQuery,
  type CustomerReply,
} from '@deltabook/contracts';
import { parseTime } from '@deltabook/domain';
import type { QueryBus } from '@nestjs/cqrs';
import { ApiError } from '../api-error';
import type { Call, Operation } from '../operation';
import { scopeOf } from './call-origin';
import { activityItem, customerSummary } from './read-replies';
import { customerIdOf, foundOf, wholeNumberOf } from './read-result';

export class GetCustomerOperation implements Operation<unknown, CustomerQuery, CustomerParams> {
  readonly contract = GET_CUSTOMER;

  constructor(private readonly bus: Pick<QueryBus, 'execute'>) {}

  async handle(call: Call<unknown, CustomerQuery, CustomerParams>): Promise<string> {
    const customerId = customerIdOf(call.params.customerId);
    const activity = activityOf(call.query);
    const query = new GetCustomerQuery(scopeOf(call), customerId, activity);
    const { value, position } = foundOf(await this.bus.execute(query));
    const { nextCursor, row } = value;
    const reply: CustomerReply = {
      ...customerSummary(row),
      recentActivity: {
        items: value.activity.map(activityItem),
        pagination: paginationOf(activity, row.totalDeltas),
        nextCursor: nextCursor === undefined ? null : String(nextCursor),
      },
      position: String(position),
    };
    return JSON.stringify(reply);
  }
}

function activityOf(query: CustomerQuery): ActivityRequest {
  const { deltaPage, deltaLimit, cursor } = query;
  const filter = filterOf(query);
  if ((filter || cursor !== undefined) && deltaPage !== undefined && deltaPage !== '1') {
    const reason = 'must be 1 with a filter or cursor: go on with nextCursor';
    throw new ApiError('VALIDATION_FAILED', { field: 'deltaPage', reason });
  }
  return {
    page: wholeNumberOf(deltaPage, 1),
    limit: wholeNumberOf(deltaLimit, ACTIVITY_PER_PAGE),
    cursor: cursor === undefined ? undefined : Number(cursor),
    filter,
  };
}

/** Where deltas are filtered, or a cursor led, nobody knows which page this is. */
function paginationOf(activity: ActivityRequest, totalDeltas: number): ActivityPagination {
  const { page, limit, cursor, filter } = activity;
  return {
    page: filter || cursor !== undefined ? null : page,
    limit,
    total: filter ? null : totalDeltas,
    totalPages: filter ? null : Math.ceil(totalDeltas / limit),
  };
}

/** Undefined where nothing is filtered. */
function filterOf(query: CustomerQuery): ActivityFilter | undefined {
  const { status, reason, referenceId } = query;
  const filter: ActivityFilter = {
    status: status === undefined ? undefined : (status.toUpperCase() as DeltaStatus),
    reason: reason === '' ? undefined : reason,
    referenceId,
    fromMs: timeOf('startDate', query.startDate),
    beforeMs: timeOf('endDate', query.endDate),
  };
  return Object.values(filter).some((part) => part !== undefined) ? filter : undefined;
}

function timeOf(field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseTime(text);
  if (ms !== undefined) return ms;
  const reason = 'names a day or a year that does not exist';
  throw new ApiError('VALIDATION_FAILED', { field, reason });
}
