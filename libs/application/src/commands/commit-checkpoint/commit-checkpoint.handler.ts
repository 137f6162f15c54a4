// The handler of CommitCheckpoint.
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CheckpointCommitter } from '../../checkpoints/checkpoint-committer';
import { CommitCheckpointCommand, type CheckpointOutcome } from './commit-checkpoint.command';

@CommandHandler(CommitCheckpointCommand)
export class CommitCheckpointHandler implements ICommandHandler<CommitCheckpointCommand> {
  constructor(private readonly committer: CheckpointCommitter) {}

  execute({ origin, customerId, period }: CommitCheckpointCommand): Promise<CheckpointOutcome> {
    return this.committer.commit(origin, customerId, period);
  }
}
