// GetDelta: one delta by its recordId.
import { Query } from '@nestjs/cqrs';
import type { CoveringSeal } from '../../receipts/covering-seal';
import type { DeltaView } from '../delta-view';
import type { ReadResult, ReadScope } from '../read-result';

export interface FoundDelta {
  readonly customerId: string;
  readonly delta: DeltaView;
  readonly fenced: boolean;
  /** Of a verified delta, where it is found: the first seal that covered it. */
  readonly covering: CoveringSeal | undefined;
}

export class GetDeltaQuery extends Query<ReadResult<FoundDelta, 'RECORD_NOT_FOUND'>> {
  constructor(
    readonly scope: ReadScope,
    readonly recordId: string,
  ) {
    super();
  }
}
