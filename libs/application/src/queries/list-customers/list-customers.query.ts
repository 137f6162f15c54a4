// ListCustomers: a page of the caller's customers, with totals over all of them.
import { Query } from '@nestjs/cqrs';
import type { CustomerPage, CustomerSort, ScopeTotals } from '../../read-models/rows';
import type { ReadResult, ReadScope } from '../read-result';

export interface CustomerListRequest {
  /** Literal, case-sensitive substring of customerId; '' for all. */
  readonly search: string;
  readonly sortBy: CustomerSort;
  readonly sortOrder: 'asc' | 'desc';
  /** 1-based. */
  readonly page: number;
  readonly limit: number;
}

export interface CustomerList extends CustomerPage {
  /** Over every customer of tenant and environment, whatever the search. */
  readonly totals: ScopeTotals;
}

export class ListCustomersQuery extends Query<ReadResult<CustomerList>> {
  constructor(
    readonly scope: ReadScope,
    readonly request: CustomerListRequest,
  ) {
    super();
  }
}
