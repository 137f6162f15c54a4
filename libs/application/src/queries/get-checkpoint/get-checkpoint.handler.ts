// The handler of GetCheckpoint.
import { parseCheckpointId, parseCheckpointsId } from '@deltabook/domain';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CheckpointFinder } from '../../checkpoints/checkpoint-finder';
import { CheckpointJobs } from '../../checkpoints/checkpoint-jobs';
import { ReadGate } from '../read-gate';
import type { ReadResult, ReadScope } from '../read-result';
import { GetCheckpointQuery, type FoundCheckpoint } from './get-checkpoint.query';

@QueryHandler(GetCheckpointQuery)
export class GetCheckpointHandler implements IQueryHandler<GetCheckpointQuery> {
  constructor(
    private readonly gate: ReadGate,
    private readonly finder: CheckpointFinder,
    private readonly jobs: CheckpointJobs,
  ) {}

  async execute({
    scope,
    checkpointId,
  }: GetCheckpointQuery): Promise<ReadResult<FoundCheckpoint, 'CHECKPOINT_NOT_FOUND'>> {
    const passed = await this.gate.pass(scope.minPosition);
    if (passed.kind === 'refused') return passed;
    const { position } = passed;
    const value = await this.find(scope, checkpointId);
    if (!value) return { kind: 'refused', code: 'CHECKPOINT_NOT_FOUND', position };
    return { kind: 'found', position, value };
  }

  private async find(scope: ReadScope, id: string): Promise<FoundCheckpoint | undefined> {
    const { tenant, environment } = scope;
    const place = parseCheckpointId(id);
    if (place) {
      const found = await this.finder.find(scope, place);
      return found && { kind: 'one', ...found };
    }
    const revision = parseCheckpointsId(id);
    if (revision === undefined) return undefined;
    const standing = this.jobs.find(tenant, environment, revision);
    return standing && { kind: 'all', standing };
  }
}
