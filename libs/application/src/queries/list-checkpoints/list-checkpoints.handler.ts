// The handler of ListCheckpoints.
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CustomerDirectory } from '../../customers/customer-directory';
import { READ_STORE, type ReadStore } from '../../ports/read-store.port';
import type { CheckpointPage } from '../../read-models/checkpoint-rows';
import { ReadGate } from '../read-gate';
import type { ReadResult, ReadScope } from '../read-result';
import { ListCheckpointsQuery } from './list-checkpoints.query';

@QueryHandler(ListCheckpointsQuery)
export class ListCheckpointsHandler implements IQueryHandler<ListCheckpointsQuery> {
  constructor(
    private readonly gate: ReadGate,
    private readonly directory: CustomerDirectory,
    @Inject(READ_STORE) private readonly readStore: ReadStore,
  ) {}

  async execute(
    query: ListCheckpointsQuery,
  ): Promise<ReadResult<CheckpointPage, 'CUSTOMER_NOT_FOUND'>> {
    const { tenant, environment, minPosition } = query.scope;
    const passed = await this.gate.pass(minPosition);
    if (passed.kind === 'refused') return passed;
    const { position } = passed;
    const { customerId, ...request } = query.request;
    const reference =
      customerId === undefined ? undefined : await this.recordOf(query.scope, customerId);
    if (customerId !== undefined && reference === undefined) {
      return { kind: 'refused', code: 'CUSTOMER_NOT_FOUND', position };
    }
    const value = await this.readStore.checkpointPage({
      ...request,
      tenant,
      environment,
      reference,
    });
    return { kind: 'found', position, value };
  }

  /** Reference of a customer that has a record. */
  private async recordOf(scope: ReadScope, customerId: string): Promise<string | undefined> {
    const names = this.directory.names(scope.tenant, scope.environment, customerId);
    const [row] = names ? await this.readStore.customers([names.reference]) : [];
    return row?.reference;
  }
}
