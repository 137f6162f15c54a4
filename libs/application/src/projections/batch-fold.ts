// Folds a batch of the log into what the read models change by it: pure, so that every read store
// and every audit computes the same rows.
import {
  CHECKPOINT_COMMITTED,
  CUSTOMER_RECORD_OPENED,
  customerStream,
  DELTA_EMITTED,
  DELTAS_VERIFIED,
  deltaTextOf,
  readDeltaText,
  wholeCustomerEvent,
  wholeSealEvent,
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
import { openedRow, type RowFold } from './customer-row';
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

export interface FoldParts<Fold extends RowFold> {
  /** A customer's row by the name of its stream; the same object for as long as it is changed. */
  readonly find: (stream: string) => Fold | undefined;
  /** Takes in the row of a customer that had none. */
  readonly open: (stream: string, row: CustomerRow) => Fold;
  /** Takes an idempotency key (64 hex) and the revision of its event in the customer's stream. */
  readonly onKey: (keyHex: string, revision: number) => void;
}

/** What some consecutive events of the log change; events are folded in one by one. */
export class BatchFold<Fold extends RowFold = RowFold> {
  readonly directoryEvents: RecordedEvent[] = [];
  /** New ones, in log order. */
  readonly checkpoints: CheckpointRow[] = [];
  /** Rows that differ from what is stored, each once. */
  readonly changed: Fold[] = [];

  constructor(private readonly parts: FoldParts<Fold>) {}

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

  /**
   * What the row has seen leaves it as it is, so an event may be delivered twice. A delta without
   * its record (a damaged stream) makes no row. Of a stream that lost its end, a fencing takes the
   * revision of an event that the row has seen, and must hold all the same.
   */
  private takeCustomerEvent(recorded: RecordedEvent): ProjectionStop | undefined {
    const { stream, revision } = recorded;
    const fold = this.parts.find(stream);
    if (fold && revision <= fold.revision && !isAboutFencing(recorded)) return undefined;
    const event = readEvent(recorded);
    if (!event || 'message' in event) return event;
    if (fold) this.fold(fold, event, revision);
    else this.open(stream, event, revision);
    return undefined;
  }

  /** A customer without a row (a damaged stream) stays without one. */
  private takeSealEvent(recorded: RecordedEvent): ProjectionStop | undefined {
    const event = readSealEvent(recorded);
    if (!event || 'message' in event) return event;
    if (event.type !== DELTAS_VERIFIED) return undefined;
    const { sealedAt } = event;
    for (const [reference, size, root] of event.heads) {
      const fold = this.parts.find(customerStream(reference));
      if (!fold) continue;
      const wasChanged = fold.isChanged;
      fold.takeVerified({ size, root, sealedAt });
      if (!wasChanged && fold.isChanged) this.changed.push(fold);
    }
    return undefined;
  }

  private open(stream: string, event: FoldedEvent, revision: number): void {
    if (!('type' in event) || event.type !== CUSTOMER_RECORD_OPENED) return;
    this.changed.push(this.parts.open(stream, openedRow(event, revision)));
  }

  /** A record is opened once; were it opened again, the row would stay as it is. */
  private fold(fold: Fold, event: FoldedEvent, revision: number): void {
    if ('type' in event && event.type === CUSTOMER_RECORD_OPENED) return;
    if (!fold.isChanged) this.changed.push(fold);
    if (!('type' in event)) {
      fold.takeDelta(event, revision);
      if (event.keyHex !== undefined) this.parts.onKey(event.keyHex, revision);
    } else if (event.type === CHECKPOINT_COMMITTED) {
      fold.takeCheckpoint(event, revision);
      this.checkpoints.push(checkpointRow(fold.customer, event, revision));
    } else fold.takeFence(event, revision);
  }
}

/** An event of a customer's stream; deltas as their texts. */
type FoldedEvent = DeltaText | Exclude<CustomerEvent, DeltaEmitted>;

/** Undefined for a damaged one: its row stays as it is, and the verifier fences its customer. */
function readEvent(recorded: RecordedEvent): FoldedEvent | ProjectionStop | undefined {
  const { type, data } = recorded;
  try {
    const delta = type === DELTA_EMITTED ? readDeltaText(data) : undefined;
    if (delta) return delta;
    const event = wholeCustomerEvent(type, data);
    return event?.type === DELTA_EMITTED ? deltaTextOf(event) : event;
  } catch (error) {
    return stopAt(recorded, error);
  }
}

function readSealEvent(recorded: RecordedEvent): SealEvent | ProjectionStop | undefined {
  try {
    return wholeSealEvent(recorded.type, recorded.data);
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
