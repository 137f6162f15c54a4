// The handler of ListGaps: whose history, from the row; what is in it, from the stream itself. A
// fenced customer is answered too: this is how its damage is looked at.
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EVENT_STORE, type EventStore } from '../../ports/event-store.port';
import type { ReadResult } from '../read-result';
import { RecordFinder } from '../record-finder';
import { scanGaps } from './gap-scan';
import { ListGapsQuery, type FoundGaps } from './list-gaps.query';

@QueryHandler(ListGapsQuery)
export class ListGapsHandler implements IQueryHandler<ListGapsQuery> {
  constructor(
    private readonly finder: RecordFinder,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  async execute(query: ListGapsQuery): Promise<ReadResult<FoundGaps, 'CUSTOMER_NOT_FOUND'>> {
    const found = await this.finder.locate(query.scope, query.customerId);
    if (found.kind === 'refused') return found;
    const { row, stream } = found.value;
    const { fromSequence, toSequence = row.totalDeltas, limit } = query.request;
    const range = { first: fromSequence, last: Math.min(toSequence, row.totalDeltas) };
    const place = { stream, end: row.revision };
    const scanned = await scanGaps(this.store, place, { range, limit });
    return { kind: 'found', position: found.position, value: { row, range, ...scanned } };
  }
}
