// GetCheckpoint: one checkpoint by its id, or how far those for all customers are.
import { Query } from '@nestjs/cqrs';
import type { CustomerCheckpoint } from '../../checkpoints/checkpoint-finder';
import type { CheckpointsStanding } from '../../checkpoints/checkpoint-jobs';
import type { ReadResult, ReadScope } from '../read-result';

export type FoundCheckpoint =
  | ({ readonly kind: 'one' } & CustomerCheckpoint)
  | { readonly kind: 'all'; readonly standing: CheckpointsStanding };

export class GetCheckpointQuery extends Query<ReadResult<FoundCheckpoint, 'CHECKPOINT_NOT_FOUND'>> {
  constructor(
    readonly scope: ReadScope,
    readonly checkpointId: string,
  ) {
    super();
  }
}
