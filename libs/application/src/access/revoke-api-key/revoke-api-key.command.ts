// RevokeApiKey: the key is refused from now on; doing it again changes nothing.
import { Command } from '@nestjs/cqrs';
import type { AccessOrigin, RevokeOutcome } from '../tenants';

export class RevokeApiKeyCommand extends Command<RevokeOutcome> {
  constructor(
    readonly origin: AccessOrigin,
    readonly tenant: string,
    /** `key_…`. */
    readonly keyId: string,
  ) {
    super();
  }
}
