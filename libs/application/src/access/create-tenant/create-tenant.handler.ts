// The handler of CreateTenant.
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Tenants, type AccessRefusal, type TenantChanged } from '../tenants';
import { CreateTenantCommand } from './create-tenant.command';

@CommandHandler(CreateTenantCommand)
export class CreateTenantHandler implements ICommandHandler<CreateTenantCommand> {
  constructor(private readonly tenants: Tenants) {}

  execute(command: CreateTenantCommand): Promise<TenantChanged | AccessRefusal> {
    const { origin, tenant, referenceKey } = command;
    return this.tenants.create(origin, { tenant, referenceKey });
  }
}
