// The handler of DeriveBalance: sums from the row and from the deltas at the ends of the span,
// whatever the page; the page from the stream.
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EVENT_STORE, type EventStore } from '../../ports/event-store.port';
import { SealedHistories } from '../../receipts/sealed-histories';
import { HistorySpans, type HistorySpan } from '../history-spans';
import type { ReadResult } from '../read-result';
import { RecordFinder, type FoundRecord } from '../record-finder';
import { revisionOfSequence } from '../revision-of-sequence';
import { walkDeltas, type Walked } from '../walk-deltas';
import {
  DeriveBalanceQuery,
  type DerivedBalance,
  type DeriveRefusal,
  type DeriveRequest,
} from './derive-balance.query';

@QueryHandler(DeriveBalanceQuery)
export class DeriveBalanceHandler implements IQueryHandler<DeriveBalanceQuery> {
  constructor(
    private readonly finder: RecordFinder,
    private readonly spans: HistorySpans,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly histories: SealedHistories,
  ) {}

  async execute(query: DeriveBalanceQuery): Promise<ReadResult<DerivedBalance, DeriveRefusal>> {
    const found = await this.finder.find(query.scope, query.customerId);
    if (found.kind === 'refused') return found;
    const record = found.value;
    const { request } = query;
    const span = await this.spans.find(record, request);
    if (!span) {
      return { kind: 'refused', code: 'CHECKPOINT_NOT_FOUND', position: found.position };
    }
    const walked = await this.read(record, span, request.page);
    const position = await this.finder.positionOf(record, found.position, walked?.last);
    const { row } = record;
    return { kind: 'found', position, value: { row, span, deltas: walked?.deltas ?? [] } };
  }

  private async read(
    { stream, owner, row }: FoundRecord,
    { before, last }: HistorySpan,
    page: DeriveRequest['page'],
  ): Promise<Walked | undefined> {
    const first = before.sequence + 1 + (page?.offset ?? 0);
    const end = { revision: row.revision, sequence: row.totalDeltas };
    const lastSequence = Math.min(last.sequence, end.sequence);
    if (!page || first > lastSequence) return undefined;
    return walkDeltas(this.store, {
      stream,
      owner: { ...owner, seal: this.histories.newestSeal(row) },
      direction: 'forwards',
      from: await revisionOfSequence(this.store, stream, first, end),
      to: row.revision,
      countMax: Math.min(page.limit, lastSequence - first + 1),
    });
  }
}
