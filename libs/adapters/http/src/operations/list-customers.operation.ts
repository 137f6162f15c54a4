// GET /api/v1/balance/customers
import { ListCustomersQuery } from '@deltabook/application';
import {
  CUSTOMERS_PER_PAGE,
  LIST_CUSTOMERS,
  type CustomerListQuery,
  type CustomerListReply,
} from '@deltabook/contracts';
import type { QueryBus } from '@nestjs/cqrs';
import type { Call, Operation } from '../operation';
import { scopeOf } from './call-origin';
import { balanceFields, customerSummary } from './read-replies';
import { foundOf, wholeNumberOf } from './read-result';

export class ListCustomersOperation implements Operation<unknown, CustomerListQuery> {
  readonly contract = LIST_CUSTOMERS;

  constructor(private readonly bus: Pick<QueryBus, 'execute'>) {}

  async handle(call: Call<unknown, CustomerListQuery>): Promise<string> {
    const { page: pageText, limit: limitText, search, sortBy, sortOrder } = call.query;
    const page = wholeNumberOf(pageText, 1);
    const limit = wholeNumberOf(limitText, CUSTOMERS_PER_PAGE);
    const query = new ListCustomersQuery(scopeOf(call), {
      search: search ?? '',
      sortBy: sortBy ?? 'firstAppearance',
      sortOrder: sortOrder ?? 'asc',
      page,
      limit,
    });
    const { value, position } = foundOf(await this.bus.execute(query));
    const { total, totals } = value;
    const reply: CustomerListReply = {
      customers: value.customers.map(customerSummary),
      pagination: { page, limit, total, totalPages: Math.ceil(total / limit) },
      totals: {
        customers: totals.customers,
        deltas: totals.deltas,
        ...balanceFields(totals.balanceNano),
      },
      position: String(position),
    };
    return JSON.stringify(reply);
  }
}
