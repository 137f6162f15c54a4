// Folds a batch of the log into what the read models change by it: pure, so that every read store
// and every audit computes the same rows.
import { DELTA_EMITTED, parseCustomerEvent, type CustomerEvent } from '@deltabook/domain';
import type { Position, RecordedEvent } from '../ports/event-store.port';
import type { CustomerRow } from '../read-models/rows';
import { foldCustomerEvent } from './customer-row';
import { projectedStream } from './projected-streams';

/** An idempotency key (64 hex) and the revision of its event in the customer's stream. */
export interface ProjectedKey {
  readonly keyHex: string;
  readonly revision: number;
}

/** Why a projection goes no further: an event that it cannot read. */
export interface ProjectionStop {
  /** Position of that event. */
  readonly position: Position;
  readonly stream: string;
  readonly revision: number;
  /** One sentence: what was met and what to do. */
  readonly message: string;
}

export interface ProjectedBatch {
  /**
   * Changed rows by 40 lower-case hex of the customer reference, new ones in order of appearance.
   */
  readonly rows: ReadonlyMap<string, CustomerRow>;
  readonly keys: readonly ProjectedKey[];
  readonly directoryEvents: readonly RecordedEvent[];
  /** Set when an event could not be read; what came before it is in the batch. */
  readonly stop: ProjectionStop | undefined;
}

/** The row as it is stored, by 40 lower-case hex of the customer reference. */
export type StoredRow = (referenceHex: string) => CustomerRow | undefined;

/**
 * Folds events, in log order, into the rows that `storedRow` knows; never throws on stored events.
 */
export function projectBatch(
  events: readonly RecordedEvent[],
  storedRow: StoredRow,
): ProjectedBatch {
  const fold = new BatchFold(storedRow);
  for (const recorded of events) {
    const stop = fold.take(recorded);
    if (stop) return fold.result(stop);
  }
  return fold.result(undefined);
}

class BatchFold {
  private readonly rows = new Map<string, CustomerRow>();
  private readonly keys: ProjectedKey[] = [];
  private readonly directoryEvents: RecordedEvent[] = [];

  constructor(private readonly storedRow: StoredRow) {}

  /** Folds one event in; says why when it cannot be read. */
  take(recorded: RecordedEvent): ProjectionStop | undefined {
    const stream = projectedStream(recorded.stream);
    switch (stream.kind) {
      case 'customer':
        return this.takeCustomerEvent(stream.referenceHex, recorded);
      case 'directory':
        this.directoryEvents.push(recorded);
        return undefined;
      case 'other':
        return undefined;
    }
  }

  result(stop: ProjectionStop | undefined): ProjectedBatch {
    const { rows, keys, directoryEvents } = this;
    return { rows, keys, directoryEvents, stop };
  }

  private takeCustomerEvent(
    referenceHex: string,
    recorded: RecordedEvent,
  ): ProjectionStop | undefined {
    const { revision } = recorded;
    const row = this.rows.get(referenceHex) ?? this.storedRow(referenceHex);
    if (row && revision <= row.revision) return undefined;
    const event = readEvent(recorded);
    if ('message' in event) return event;
    const folded = foldCustomerEvent(row, event, revision);
    if (!folded) return undefined;
    this.rows.set(referenceHex, folded);
    if (event.type === DELTA_EMITTED && event.idempotency) {
      this.keys.push({ keyHex: event.idempotency.key, revision });
    }
    return undefined;
  }
}

function readEvent(recorded: RecordedEvent): CustomerEvent | ProjectionStop {
  const { position, stream, revision, type, data } = recorded;
  try {
    return parseCustomerEvent(type, data);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const place = `position ${position}, revision ${revision} of ${stream}`;
    const message = `projection stopped at ${place}: ${cause}`;
    return { position, stream, revision, message };
  }
}
