// The handler of GetCustomer: the balance comes from the row, the activity from the stream, cut at
// the row's revision, so that both are of one moment.
import { customerStream } from '@deltabook/domain';
import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CustomerDirectory } from '../../customers/customer-directory';
import { EVENT_STORE, type EventStore } from '../../ports/event-store.port';
import { SealedHistories } from '../../receipts/sealed-histories';
import { NewestEvents } from '../newest-events';
import type { ReadResult } from '../read-result';
import { RecordFinder, type FoundRecord, type RecordRefusal } from '../record-finder';
import { revisionOfSequence } from '../revision-of-sequence';
import { walkDeltas } from '../walk-deltas';
import { matchesFilter } from './activity-filter';
import { GetCustomerQuery, type ActivityRequest, type CustomerRecord } from './get-customer.query';

/** The first event of a stream opens the record; deltas start after it. */
const FIRST_DELTA_REVISION = 1;

@QueryHandler(GetCustomerQuery)
export class GetCustomerHandler implements IQueryHandler<GetCustomerQuery> {
  constructor(
    private readonly finder: RecordFinder,
    private readonly directory: CustomerDirectory,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly histories: SealedHistories,
  ) {}

  async execute(query: GetCustomerQuery): Promise<ReadResult<CustomerRecord, RecordRefusal>> {
    const newest = this.newestEvents(query);
    const found = await this.finder.find(query.scope, query.customerId);
    if (found.kind === 'refused') return found;
    const record = found.value;
    const { filter } = query.activity;
    const walked = await walkDeltas(newest ?? this.store, {
      stream: record.stream,
      owner: { ...record.owner, seal: this.histories.newestSeal(record.row) },
      direction: 'backwards',
      from: await this.startOf(record, query.activity),
      to: FIRST_DELTA_REVISION,
      countMax: query.activity.limit,
      accepts: filter && ((delta) => matchesFilter(filter, delta)),
    });
    return {
      kind: 'found',
      position: await this.finder.positionOf(record, found.position, walked.last),
      value: { row: record.row, activity: walked.deltas, nextCursor: walked.next },
    };
  }

  /** Read ahead where the page begins with the newest delta and waits for no position. */
  private newestEvents(query: GetCustomerQuery): NewestEvents | undefined {
    const { tenant, environment, minPosition } = query.scope;
    const { page, limit, cursor, filter } = query.activity;
    if (minPosition !== undefined || page !== 1 || cursor !== undefined || filter) return undefined;
    const names = this.directory.names(tenant, environment, query.customerId);
    return names && new NewestEvents(this.store, customerStream(names.reference), limit);
  }

  /** Revision of the newest event that the page may show; 0 when there is none. */
  private startOf(record: FoundRecord, request: ActivityRequest): Promise<number> | number {
    const { revision, totalDeltas } = record.row;
    if (request.cursor !== undefined) return Math.min(request.cursor, revision);
    if (request.page === 1) return revision;
    const newest = totalDeltas - (request.page - 1) * request.limit;
    if (newest < 1) return 0;
    const end = { revision, sequence: totalDeltas };
    return revisionOfSequence(this.store, record.stream, newest, end);
  }
}
