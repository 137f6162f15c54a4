// The handler of ListCustomers.
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { READ_STORE, type ReadStore } from '../../ports/read-store.port';
import { ReadGate } from '../read-gate';
import type { ReadResult } from '../read-result';
import { ListCustomersQuery, type CustomerList } from './list-customers.query';

@QueryHandler(ListCustomersQuery)
export class ListCustomersHandler implements IQueryHandler<ListCustomersQuery> {
  constructor(
    private readonly gate: ReadGate,
    @Inject(READ_STORE) private readonly readStore: ReadStore,
  ) {}

  async execute(query: ListCustomersQuery): Promise<ReadResult<CustomerList>> {
    const { minPosition, tenant, environment } = query.scope;
    const passed = await this.gate.pass(minPosition);
    if (passed.kind === 'refused') return passed;
    const [page, totals] = await Promise.all([
      this.readStore.customerPage({ ...query.request, tenant, environment }),
      this.readStore.totals(tenant, environment),
    ]);
    return { kind: 'found', position: passed.position, value: { ...page, totals } };
  }
}
