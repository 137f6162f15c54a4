// ListCheckpoints: a page of checkpoints, of one customer or all.
import { Query } from '@nestjs/cqrs';
import type { CheckpointPage, CheckpointPageRequest } from '../../read-models/checkpoint-rows';
import type { ReadResult, ReadScope } from '../read-result';

export interface CheckpointListRequest extends Omit<
  CheckpointPageRequest,
  'tenant' | 'environment' | 'reference'
> {
  /** All customers when undefined. */
  readonly customerId: string | undefined;
}

export class ListCheckpointsQuery extends Query<ReadResult<CheckpointPage, 'CUSTOMER_NOT_FOUND'>> {
  constructor(
    readonly scope: ReadScope,
    readonly request: CheckpointListRequest,
  ) {
    super();
  }
}
