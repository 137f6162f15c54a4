// Everything of pac.balance that reads.
import type {
  ActivityItem,
  BalanceEvent,
  CheckpointFields,
  CheckpointListReply,
  CheckpointReply,
  CheckpointsReply,
  CustomerListReply,
  CustomerReply,
  CustomersSummaryReply,
  CustomerSummary,
  DeltaReply,
  DERIVE_BALANCE,
  DerivedDelta,
  DeriveReply,
  GapsReply,
  GET_CUSTOMER,
  GET_TREE_NODES,
  LIST_CHECKPOINTS,
  LIST_CUSTOMERS,
  LIST_GAPS,
  TreeNodesReply,
} from '@deltabook/contracts';
import { followEvents, type EventsOptions } from './balance-events';
import { Paged } from './paged';
import { scopeOfDaysBack, scopeOfMonthsBack, scopeOfPeriod } from './periods';
import type { QueryOf } from './route';
import type { ReceiptChecker } from './receipts/receipt-checker';
import * as routes from './routes';
import type { SeenPosition } from './seen-position';
import { splitOptions } from './split-options';
import type { CallOptions } from './request';
import type { Transport } from './transport';

export type DeriveOptions = QueryOf<typeof DERIVE_BALANCE> & CallOptions;

export interface BalanceDependencies {
  readonly transport: Transport;
  readonly seen: SeenPosition;
  readonly today: () => Date;
  /** None where receipts are taken as they come. */
  readonly receipts: ReceiptChecker | undefined;
}

export class BalanceReads {
  constructor(protected readonly using: BalanceDependencies) {}

  /** One delta as it stands now. Rejects with NotFoundError for a recordId never given out. */
  deltaStatus(recordId: string, options: CallOptions = {}): Promise<DeltaReply> {
    const input = { params: { recordId }, query: this.using.seen.addTo({}), kind: 'read' } as const;
    return this.using.transport.call(routes.GET_DELTA_ROUTE, input, options);
  }

  /**
   * The starting balance plus all deltas. Awaited: balance and first page; iterated: all deltas.
   */
  derive(customerId: string, options: DeriveOptions = {}): Paged<DeriveReply, DerivedDelta> {
    const { call, sent } = splitOptions(options);
    return Paged.of<DeriveOptions, DeriveReply, DerivedDelta>(this.using.seen.addTo(sent), {
      load: (query) =>
        this.using.transport.call(
          routes.DERIVE_BALANCE_ROUTE,
          { params: { customerId }, query, kind: 'read' },
          call,
        ),
      rows: (reply) => reply.deltas,
      next: ({ deltas, pagination: { offset, total } }, query) =>
        deltas.length > 0 && offset + deltas.length < total
          ? { ...query, offset: offset + deltas.length }
          : undefined,
    });
  }

  /** Derives over the current UTC month. */
  deriveCurrentMonth(
    customerId: string,
    options: DeriveOptions = {},
  ): Paged<DeriveReply, DerivedDelta> {
    return this.derive(customerId, { ...options, timePreset: 'current_month' });
  }

  /** Derives over one UTC month, `YYYY-MM`. */
  deriveForPeriod(
    customerId: string,
    period: string,
    options: DeriveOptions = {},
  ): Paged<DeriveReply, DerivedDelta> {
    return this.derive(customerId, { ...options, ...scopeOfPeriod(period) });
  }

  /** Derives over the last `months` UTC months, the current one included. */
  deriveMonthsBack(
    customerId: string,
    months: number,
    options: DeriveOptions = {},
  ): Paged<DeriveReply, DerivedDelta> {
    const scope = scopeOfMonthsBack(months, this.using.today());
    return this.derive(customerId, { ...options, ...scope });
  }

  /** Derives over the last `days` UTC days, today included. */
  deriveDaysBack(
    customerId: string,
    days: number,
    options: DeriveOptions = {},
  ): Paged<DeriveReply, DerivedDelta> {
    const scope = scopeOfDaysBack(days, this.using.today());
    return this.derive(customerId, { ...options, ...scope });
  }

  /** One checkpoint, or how far those for all customers are that checkpoint() began. */
  checkpointStatus(
    checkpointId: string,
    options: CallOptions = {},
  ): Promise<CheckpointReply | CheckpointsReply> {
    const query = this.using.seen.addTo({});
    const input = { params: { checkpointId }, query, kind: 'read' } as const;
    return this.using.transport.call(routes.GET_CHECKPOINT_ROUTE, input, options);
  }

  /** Checkpoints of one customer or all. Awaited: the first page; iterated: all of them. */
  listCheckpoints(
    options: QueryOf<typeof LIST_CHECKPOINTS> & CallOptions = {},
  ): Paged<CheckpointListReply, CheckpointFields> {
    const { call, sent } = splitOptions(options);
    return Paged.of<QueryOf<typeof LIST_CHECKPOINTS>, CheckpointListReply, CheckpointFields>(
      this.using.seen.addTo(sent),
      {
        load: (query) =>
          this.using.transport.call(routes.LIST_CHECKPOINTS_ROUTE, { query, kind: 'read' }, call),
        rows: (reply) => reply.checkpoints,
        next: ({ checkpoints, pagination: { offset, total } }, query) =>
          checkpoints.length > 0 && offset + checkpoints.length < total
            ? { ...query, offset: offset + checkpoints.length }
            : undefined,
      },
    );
  }

  /** Customer records. Awaited: the first page; iterated: all of them. */
  customers(
    options: QueryOf<typeof LIST_CUSTOMERS> & CallOptions = {},
  ): Paged<CustomerListReply, CustomerSummary> {
    const { call, sent } = splitOptions(options);
    return Paged.of<QueryOf<typeof LIST_CUSTOMERS>, CustomerListReply, CustomerSummary>(
      this.using.seen.addTo(sent),
      {
        load: (query) =>
          this.using.transport.call(routes.LIST_CUSTOMERS_ROUTE, { query, kind: 'read' }, call),
        rows: (reply) => reply.customers,
        next: ({ pagination: { page, totalPages } }, query) =>
          page < totalPages ? { ...query, page: page + 1 } : undefined,
      },
    );
  }

  /** One customer record. Awaited: the record with its latest activity; iterated: all activity. */
  customer(
    customerId: string,
    options: QueryOf<typeof GET_CUSTOMER> & CallOptions = {},
  ): Paged<CustomerReply, ActivityItem> {
    const { call, sent } = splitOptions(options);
    return Paged.of<QueryOf<typeof GET_CUSTOMER>, CustomerReply, ActivityItem>(
      this.using.seen.addTo(sent),
      {
        load: (query) =>
          this.using.transport.call(
            routes.GET_CUSTOMER_ROUTE,
            { params: { customerId }, query, kind: 'read' },
            call,
          ),
        rows: (reply) => reply.recentActivity.items,
        next: ({ recentActivity: { nextCursor } }, { deltaPage, ...query }) =>
          nextCursor === null ? undefined : { ...query, cursor: nextCursor },
      },
    );
  }

  /** Counts and sums over all customer records of the key's environment. */
  customersSummary(options: CallOptions = {}): Promise<CustomersSummaryReply> {
    const input = { query: this.using.seen.addTo({}), kind: 'read' } as const;
    return this.using.transport.call(routes.SUMMARIZE_CUSTOMERS_ROUTE, input, options);
  }

  /**
   * Nodes of the tree over a customer's deltas: who keeps a history of their own finds by them the
   * first delta on which it differs.
   */
  treeNodes(
    customerId: string,
    options: QueryOf<typeof GET_TREE_NODES> & CallOptions = {},
  ): Promise<TreeNodesReply> {
    const { call, sent } = splitOptions(options);
    const query = this.using.seen.addTo(sent);
    const input = { params: { customerId }, query, kind: 'read' } as const;
    return this.using.transport.call(routes.GET_TREE_NODES_ROUTE, input, call);
  }

  /** Sequence numbers that a customer's history lacks: none, unless the store was damaged. */
  gaps(
    customerId: string,
    options: QueryOf<typeof LIST_GAPS> & CallOptions = {},
  ): Promise<GapsReply> {
    const { call, sent } = splitOptions(options);
    const query = this.using.seen.addTo(sent);
    const input = { params: { customerId }, query, kind: 'read' } as const;
    return this.using.transport.call(routes.LIST_GAPS_ROUTE, input, call);
  }

  /**
   * What happens to customers from now on: a `delta.recorded` for each delta, `deltas.verified` for
   * what was verified. Ends only by the signal; lost connections are made again without a gap.
   */
  events(options: EventsOptions = {}): AsyncIterable<BalanceEvent> {
    return followEvents(this.using.transport, options);
  }
}
