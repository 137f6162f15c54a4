// DeriveBalance: every recorded delta of a span, with a page of them in order.
import { Query } from '@nestjs/cqrs';
import type { CustomerRow } from '../../read-models/rows';
import type { DeltaView } from '../delta-view';
import type { HistorySpan, SpanWanted } from '../history-spans';
import type { ReadResult, ReadScope } from '../read-result';
import type { RecordRefusal } from '../record-finder';

export interface DerivedBalance {
  readonly row: CustomerRow;
  readonly span: HistorySpan;
  readonly deltas: readonly DeltaView[];
}

export type DeriveRefusal = RecordRefusal | 'CHECKPOINT_NOT_FOUND';

export interface DeriveRequest extends SpanWanted {
  /** Deltas of the span to skip, oldest first, and to return at most; none without. */
  readonly page: { readonly offset: number; readonly limit: number } | undefined;
}

export class DeriveBalanceQuery extends Query<ReadResult<DerivedBalance, DeriveRefusal>> {
  constructor(
    readonly scope: ReadScope,
    readonly customerId: string,
    readonly request: DeriveRequest,
  ) {
    super();
  }
}
