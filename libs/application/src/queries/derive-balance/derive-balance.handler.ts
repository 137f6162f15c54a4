// The handler of DeriveBalance: the sum from the row, whatever the page; the page from the stream.
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EVENT_STORE, type EventStore } from '../../ports/event-store.port';
import type { ReadResult } from '../read-result';
import { RecordFinder, type FoundRecord, type RecordRefusal } from '../record-finder';
import { revisionOfSequence } from '../revision-of-sequence';
import { walkDeltas, type Walked } from '../walk-deltas';
import { DeriveBalanceQuery, type DerivedBalance } from './derive-balance.query';

@QueryHandler(DeriveBalanceQuery)
export class DeriveBalanceHandler implements IQueryHandler<DeriveBalanceQuery> {
  constructor(
    private readonly finder: RecordFinder,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  async execute(query: DeriveBalanceQuery): Promise<ReadResult<DerivedBalance, RecordRefusal>> {
    const found = await this.finder.find(query.scope, query.customerId);
    if (found.kind === 'refused') return found;
    const walked = await this.read(found.value, query.page);
    const position = await this.finder.positionOf(found.value, found.position, walked?.last);
    const { row } = found.value;
    return { kind: 'found', position, value: { row, deltas: walked?.deltas ?? [] } };
  }

  private async read(
    record: FoundRecord,
    page: DeriveBalanceQuery['page'],
  ): Promise<Walked | undefined> {
    const { stream, owner, row } = record;
    if (page.offset >= row.totalDeltas) return undefined;
    const end = { revision: row.revision, sequence: row.totalDeltas };
    return walkDeltas(this.store, {
      stream,
      owner,
      direction: 'forwards',
      from: await revisionOfSequence(this.store, stream, page.offset + 1, end),
      to: row.revision,
      countMax: page.limit,
    });
  }
}
