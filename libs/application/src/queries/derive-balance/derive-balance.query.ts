// DeriveBalance: a starting balance plus every recorded delta, with a page of them in order.
import { Query } from '@nestjs/cqrs';
import type { CustomerRow } from '../../read-models/rows';
import type { DeltaView } from '../delta-view';
import type { ReadResult, ReadScope } from '../read-result';
import type { RecordRefusal } from '../record-finder';

export interface DerivedBalance {
  readonly row: CustomerRow;
  readonly deltas: readonly DeltaView[];
}

export class DeriveBalanceQuery extends Query<ReadResult<DerivedBalance, RecordRefusal>> {
  constructor(
    readonly scope: ReadScope,
    readonly customerId: string,
    /** Deltas to skip, oldest first, and to return at most. */
    readonly page: { readonly offset: number; readonly limit: number },
  ) {
    super();
  }
}
