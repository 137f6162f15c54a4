// The handler of ListApiKeys: reads what is acknowledged, not what is projected.
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ApiKeyView } from '../api-key-view';
import { Tenants } from '../tenants';
import { ListApiKeysQuery } from './list-api-keys.query';

@QueryHandler(ListApiKeysQuery)
export class ListApiKeysHandler implements IQueryHandler<ListApiKeysQuery> {
  constructor(private readonly tenants: Tenants) {}

  async execute({ tenant, environment }: ListApiKeysQuery): Promise<readonly ApiKeyView[]> {
    const keys = (await this.tenants.keys(tenant)) ?? [];
    return environment ? keys.filter((key) => key.environment === environment) : keys;
  }
}
