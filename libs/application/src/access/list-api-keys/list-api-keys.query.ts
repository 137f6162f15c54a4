// ListApiKeys: the keys of a tenant, oldest first, without their secrets.
import type { Environment } from '@deltabook/domain';
import { Query } from '@nestjs/cqrs';
import type { ApiKeyView } from '../api-key-view';

/** Empty for a tenant that does not exist. */
export class ListApiKeysQuery extends Query<readonly ApiKeyView[]> {
  constructor(
    readonly tenant: string,
    /** Both environments when undefined. */
    readonly environment: Environment | undefined,
  ) {
    super();
  }
}
