// GetCustomer: one customer record and a page of its activity, newest first.
import { Query } from '@nestjs/cqrs';
import type { CustomerRow } from '../../read-models/rows';
import type { DeltaView } from '../delta-view';
import type { ReadResult, ReadScope } from '../read-result';
import type { RecordRefusal } from '../record-finder';
import type { ActivityFilter } from './activity-filter';

/** Which deltas to show. Pages are counted only where nothing is filtered and no cursor given. */
export interface ActivityRequest {
  /** 1-based. */
  readonly page: number;
  readonly limit: number;
  /** Revision to go on from, as an earlier page named it. */
  readonly cursor?: number | undefined;
  readonly filter?: ActivityFilter | undefined;
}

export interface CustomerRecord {
  readonly row: CustomerRow;
  /** Newest first, none after the row's revision. */
  readonly activity: readonly DeltaView[];
  /** Where older activity goes on; undefined when there is none. */
  readonly nextCursor: number | undefined;
}

export class GetCustomerQuery extends Query<ReadResult<CustomerRecord, RecordRefusal>> {
  constructor(
    readonly scope: ReadScope,
    readonly customerId: string,
    readonly activity: ActivityRequest,
  ) {
    super();
  }
}
