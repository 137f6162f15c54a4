// The handler of RevokeApiKey.
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Tenants, type RevokeOutcome } from '../tenants';
import { RevokeApiKeyCommand } from './revoke-api-key.command';

@CommandHandler(RevokeApiKeyCommand)
export class RevokeApiKeyHandler implements ICommandHandler<RevokeApiKeyCommand> {
  constructor(private readonly tenants: Tenants) {}

  execute({ origin, tenant, keyId }: RevokeApiKeyCommand): Promise<RevokeOutcome> {
    return this.tenants.revokeKey(origin, { tenant, keyId });
  }
}
