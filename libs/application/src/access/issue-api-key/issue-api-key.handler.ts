// The handler of IssueApiKey.
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Tenants, type IssueOutcome } from '../tenants';
import { IssueApiKeyCommand } from './issue-api-key.command';

@CommandHandler(IssueApiKeyCommand)
export class IssueApiKeyHandler implements ICommandHandler<IssueApiKeyCommand> {
  constructor(private readonly tenants: Tenants) {}

  execute({ origin, request }: IssueApiKeyCommand): Promise<IssueOutcome> {
    return this.tenants.issueKey(origin, request);
  }
}
