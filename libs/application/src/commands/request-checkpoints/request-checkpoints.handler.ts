// The handler of RequestCheckpoints.
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CheckpointJobs, type RequestCheckpointsOutcome } from '../../checkpoints/checkpoint-jobs';
import { RequestCheckpointsCommand } from './request-checkpoints.command';

@CommandHandler(RequestCheckpointsCommand)
export class RequestCheckpointsHandler implements ICommandHandler<RequestCheckpointsCommand> {
  constructor(private readonly jobs: CheckpointJobs) {}

  execute({ origin, wanted }: RequestCheckpointsCommand): Promise<RequestCheckpointsOutcome> {
    return this.jobs.request(origin, wanted);
  }
}
