// Folds a batch of the log into what the read models change by it: pure, so that every read store
// and every audit computes the same rows.
import {
  CHECKPOINT_COMMITTED,
  CUSTOMER_RECORD_OPENED,
  customerStream,
  DELTA_EMITTED,
  DELTAS_VERIFIED,
  deltaTextOf,
  parseCustomerEvent,
  parseSealEvent,
  readDeltaText,
  type CustomerEvent,
  type DeltaEmitted,
  type DeltaText,
  type SealEvent,
  CUSTOMER_FENCED,
  CUSTOMER_RELEASED,
} from '@deltabook/domain';
import type { Position, RecordedEvent } from '../ports/event-store.port';
import type { CheckpointRow } from '../read-models/checkpoint-rows';
import type { CustomerRow } from '../read-models/rows';
import { checkpointRow } from './checkpoint-row';
import { openedRow, RowFold } from './customer-row';
import { projectedKind } from './projected-streams';

/** Why a projection goes no further: an event that it cannot read. */
export interface ProjectionStop {
  /** Position of that event. */
  readonly position: Position;
  readonly stream: string;
  readonly revision: number;
  /** One sentence: what was met and what to do. */
  readonly message: string;
}

export interface FoldParts {
  /** The row as it is stored, by the name of the customer's stream. */
  readonly storedRow: (stream: string) => CustomerRow | undefined;
  /** Takes an idempotency key (64 hex) and the revision of its event in the customer's stream. */
  readonly onKey: (keyHex: string, revision: number) => void;
}

/** What some consecutive events of the log change; events are folded in one by one. */
export class BatchFold {
  readonly directoryEvents: RecordedEvent[] = [];
  /** New ones, in log order. */
  readonly checkpoints: CheckpointRow[] = [];
  private readonly folds = new Map<string, RowFold>();

  constructor(private readonly parts: FoldParts) {}

  /** Folds the next event in, or says why it cannot be read; never throws on stored events. */
  take(recorded: RecordedEvent): ProjectionStop | undefined {
    switch (projectedKind(recorded.stream)) {
      case 'customer':
        return this.takeCustomerEvent(recorded);
      case 'seals':
        return this.takeSealEvent(recorded);
      case 'directory':
        this.directoryEvents.push(recorded);
        return undefined;
      case 'other':
        return undefined;
    }
  }

  /** Changed rows by the name of the customer's stream, new ones in order of appearance. */
  rows(): Map<string, CustomerRow> {
    const rows = new Map<string, CustomerRow>();
    for (const [stream, fold] of this.folds) rows.set(stream, fold.folded());
    return rows;
  }

  /**
   * What the row has seen leaves it as it is, so an event may be delivered twice. A delta without
   * its record (a damaged stream) makes no row. Of a stream that lost its end, a fencing takes the
   * revision of an event that the row has seen, and must hold all the same.
   */
  private takeCustomerEvent(recorded: RecordedEvent): ProjectionStop | undefined {
    const { stream, revision } = recorded;
    const fold = this.folds.get(stream) ?? this.storedFold(stream);
    if (fold && revision <= fold.revision && !isAboutFencing(recorded)) return undefined;
    const event = readEvent(recorded);
    if ('message' in event) return event;
    this.fold(fold, event, recorded);
    return undefined;
  }

  /** A customer without a row (a damaged stream) stays without one. */
  private takeSealEvent(recorded: RecordedEvent): ProjectionStop | undefined {
    const event = readSealEvent(recorded);
    if ('message' in event) return event;
    if (event.type !== DELTAS_VERIFIED) return undefined;
    for (const [reference, size] of event.heads) {
      const stream = customerStream(reference);
      const fold = this.folds.get(stream) ?? this.storedFold(stream);
      if (!fold) continue;
      this.folds.set(stream, fold);
      fold.takeVerified(size);
    }
    return undefined;
  }

  private fold(
    known: RowFold | undefined,
    event: FoldedEvent,
    { stream, revision }: RecordedEvent,
  ): void {
    if ('type' in event && event.type === CUSTOMER_RECORD_OPENED) {
      // A record is opened once; were it opened again, the row would stay as it is.
      this.folds.set(stream, known ?? new RowFold(openedRow(event, revision)));
      return;
    }
    if (!known) return;
    this.folds.set(stream, known);
    if (!('type' in event)) {
      known.takeDelta(event, revision);
      if (event.keyHex !== undefined) this.parts.onKey(event.keyHex, revision);
    } else if (event.type === CHECKPOINT_COMMITTED) {
      known.takeCheckpoint(event, revision);
      this.checkpoints.push(checkpointRow(known.customer, event, revision));
    } else known.takeFence(event, revision);
  }

  private storedFold(stream: string): RowFold | undefined {
    const row = this.parts.storedRow(stream);
    return row && new RowFold(row);
  }
}

/** An event of a customer's stream; deltas as their texts. */
type FoldedEvent = DeltaText | Exclude<CustomerEvent, DeltaEmitted>;

function readEvent(recorded: RecordedEvent): FoldedEvent | ProjectionStop {
  const { type, data } = recorded;
  try {
    const delta = type === DELTA_EMITTED ? readDeltaText(data) : undefined;
    if (delta) return delta;
    const event = parseCustomerEvent(type, data);
    return event.type === DELTA_EMITTED ? deltaTextOf(event) : event;
  } catch (error) {
    return stopAt(recorded, error);
  }
}

function readSealEvent(recorded: RecordedEvent): SealEvent | ProjectionStop {
  try {
    return parseSealEvent(recorded.type, recorded.data);
  } catch (error) {
    return stopAt(recorded, error);
  }
}

function stopAt({ position, stream, revision }: RecordedEvent, error: unknown): ProjectionStop {
  const cause = error instanceof Error ? error.message : String(error);
  const place = `position ${position}, revision ${revision} of ${stream}`;
  const message = `projection stopped at ${place}: ${cause}`;
  return { position, stream, revision, message };
}

function isAboutFencing({ type }: RecordedEvent): boolean {
  return type === CUSTOMER_FENCED || type === CUSTOMER_RELEASED;
}
