// GET /api/v1/balance/customers/summary
import { SummarizeCustomersQuery } from '@deltabook/application';
import { SUMMARIZE_CUSTOMERS, type ReadQuery } from '@deltabook/contracts';
import type { QueryBus } from '@nestjs/cqrs';
import type { Call, Operation } from '../operation';
import { scopeOf } from './call-origin';
import { customersSummary } from './read-replies';
import { foundOf } from './read-result';

export class SummarizeCustomersOperation implements Operation<unknown, ReadQuery> {
  readonly contract = SUMMARIZE_CUSTOMERS;

  constructor(private readonly bus: Pick<QueryBus, 'execute'>) {}

  async handle(call: Call<unknown, ReadQuery>): Promise<string> {
    const found = foundOf(await this.bus.execute(new SummarizeCustomersQuery(scopeOf(call))));
    return JSON.stringify(customersSummary(found.value, found.position));
  }
}
