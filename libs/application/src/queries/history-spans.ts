// Which run of a customer's deltas a derived balance or a comparison is about: all of them, those
// after a starting point, or those of a scope in time.
import type { DeltaPoint, TimeScope } from '@deltabook/domain';
import type { EventStore } from '../ports/event-store.port';
import { deltaBefore, NO_DELTAS, pointOf, type StreamUpTo } from './delta-places';
import type { FoundRecord } from './record-finder';
import type { StartingPoint, StartingPoints } from './starting-points';

/** At most one of the two; all deltas without either. */
export interface SpanWanted {
  readonly start: StartingPoint | undefined;
  readonly scope: TimeScope | undefined;
}

/** The deltas after one point up to another; the same point twice when there are none. */
export interface HistorySpan {
  readonly before: DeltaPoint;
  readonly last: DeltaPoint;
}

export class HistorySpans {
  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly startingPoints: StartingPoints,
  ) {}

  /** The span as of the record's row; undefined when it has no such starting point. */
  async find(record: FoundRecord, { start, scope }: SpanWanted): Promise<HistorySpan | undefined> {
    const { totalDeltas, balanceNano, lastReceiptId } = record.row;
    const end = { sequence: totalDeltas, balanceNano, receiptId: lastReceiptId };
    if (start) {
      const before = await this.startingPoints.find(record, start);
      // What starts after the row's last delta is recorded and not projected yet.
      return before && { before, last: before.sequence > end.sequence ? before : end };
    }
    const { fromMs, beforeMs } = scope ?? { fromMs: undefined, beforeMs: undefined };
    return {
      before: fromMs === undefined ? NO_DELTAS : await this.pointBefore(record, fromMs),
      last: beforeMs === undefined ? end : await this.pointBefore(record, beforeMs),
    };
  }

  private async pointBefore({ row, stream }: FoundRecord, ms: number): Promise<DeltaPoint> {
    const { revision, totalDeltas: sequence } = row;
    const all: StreamUpTo = { stream, end: { revision, sequence } };
    return pointOf(await deltaBefore(this.store, all, ms));
  }
}
