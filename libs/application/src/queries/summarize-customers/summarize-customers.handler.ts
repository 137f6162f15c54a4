// The handler of SummarizeCustomers.
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { READ_STORE, type ReadStore } from '../../ports/read-store.port';
import type { ScopeTotals } from '../../read-models/rows';
import { ReadGate } from '../read-gate';
import type { ReadResult } from '../read-result';
import { SummarizeCustomersQuery } from './summarize-customers.query';

@QueryHandler(SummarizeCustomersQuery)
export class SummarizeCustomersHandler implements IQueryHandler<SummarizeCustomersQuery> {
  constructor(
    private readonly gate: ReadGate,
    @Inject(READ_STORE) private readonly readStore: ReadStore,
  ) {}

  async execute({ scope }: SummarizeCustomersQuery): Promise<ReadResult<ScopeTotals>> {
    const passed = await this.gate.pass(scope.minPosition);
    if (passed.kind === 'refused') return passed;
    const value = await this.readStore.totals(scope.tenant, scope.environment);
    return { kind: 'found', position: passed.position, value };
  }
}
