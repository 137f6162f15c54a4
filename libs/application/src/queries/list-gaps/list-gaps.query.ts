// ListGaps: sequence numbers that a customer's stored history lacks.
import { Query } from '@nestjs/cqrs';
import type { CustomerRow } from '../../read-models/rows';
import type { ReadResult, ReadScope } from '../read-result';

/** Sequences, both included. */
export interface SequenceRange {
  readonly first: number;
  readonly last: number;
}

export interface GapsRequest {
  readonly fromSequence: number;
  /** Up to the last delta when undefined. */
  readonly toSequence: number | undefined;
  /** Gaps at most. */
  readonly limit: number;
}

export interface FoundGaps {
  readonly row: CustomerRow;
  /** What was asked for, as far as the customer has deltas. */
  readonly range: SequenceRange;
  readonly gaps: readonly SequenceRange[];
  /** Where the next request goes on; undefined when all of the range was looked at. */
  readonly next: number | undefined;
}

export class ListGapsQuery extends Query<ReadResult<FoundGaps, 'CUSTOMER_NOT_FOUND'>> {
  constructor(
    readonly scope: ReadScope,
    readonly customerId: string,
    readonly request: GapsRequest,
  ) {
    super();
  }
}
