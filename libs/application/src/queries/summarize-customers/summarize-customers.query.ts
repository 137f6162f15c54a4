// SummarizeCustomers: counts and sums over all of the caller's customers.
import { Query } from '@nestjs/cqrs';
import type { ScopeTotals } from '../../read-models/rows';
import type { ReadResult, ReadScope } from '../read-result';

export class SummarizeCustomersQuery extends Query<ReadResult<ScopeTotals>> {
  constructor(readonly scope: ReadScope) {
    super();
  }
}
