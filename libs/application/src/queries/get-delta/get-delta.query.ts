// GetDelta: one delta by its recordId.
import { Query } from '@nestjs/cqrs';
import type { DeltaView } from '../delta-view';
import type { ReadResult, ReadScope } from '../read-result';

export interface FoundDelta {
  readonly customerId: string;
  /** If it is verified, with the first seal that covered it, where that is found. */
  readonly delta: DeltaView;
  readonly fenced: boolean;
}

export class GetDeltaQuery extends Query<ReadResult<FoundDelta, 'RECORD_NOT_FOUND'>> {
  constructor(
    readonly scope: ReadScope,
    readonly recordId: string,
  ) {
    super();
  }
}
