// IssueApiKey: a new key of a tenant; its outcome holds the only copy of the secret.
import { Command } from '@nestjs/cqrs';
import type { AccessOrigin, ApiKeyRequest, IssueOutcome } from '../tenants';

export class IssueApiKeyCommand extends Command<IssueOutcome> {
  constructor(
    readonly origin: AccessOrigin,
    readonly request: ApiKeyRequest,
  ) {
    super();
  }
}
