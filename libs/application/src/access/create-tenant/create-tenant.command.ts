// CreateTenant: a company with API keys and customers of its own.
import { Command } from '@nestjs/cqrs';
import type { AccessOrigin, AccessRefusal, TenantChanged } from '../tenants';

export class CreateTenantCommand extends Command<TenantChanged | AccessRefusal> {
  constructor(
    readonly origin: AccessOrigin,
    /** `[a-z0-9.-]{1,63}`. */
    readonly tenant: string,
    /** 64 hex digits; random when undefined. */
    readonly referenceKey: string | undefined,
  ) {
    super();
  }
}
