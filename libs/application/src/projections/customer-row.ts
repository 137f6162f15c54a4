// The customer row: balance and summary of one customer, folded from the events of its stream.
import {
  checkpointId,
  CUSTOMER_FENCED,
  nanoOf,
  recordIdPrefix,
  type CheckpointCommitted,
  type CustomerFenced,
  type CustomerRecordOpened,
  type CustomerReleased,
  type DeltaText,
} from '@deltabook/domain';
import { FIRST_PREVIOUS_PROOF_HASH, ownText } from '@deltabook/integrity';
import type { CustomerRow, SealedHead } from '../read-models/rows';

/** The row of a customer whose record was opened at `revision`, before its first delta. */
export function openedRow(event: CustomerRecordOpened, revision: number): CustomerRow {
  const { reference, tenant, environment, customerId } = event;
  return {
    reference,
    tenant,
    environment,
    customerId,
    revision,
    totalDeltas: 0,
    balanceNano: 0n,
    lastReceiptId: FIRST_PREVIOUS_PROOF_HASH,
    lastRecordedAt: Date.parse(event.openedAt),
    firstActivity: null,
    lastActivity: null,
    latestCheckpoint: null,
    fenced: false,
    fencedFromSequence: null,
    verifiedDeltas: 0,
    sealedAt: null,
    sealedRoot: null,
  };
}

/** What of a row has changed since it was last stored. */
export interface RowChange {
  /** It was not there. */
  readonly isNew: boolean;
  /** Anything but what was verified. */
  readonly sums: boolean;
  readonly verified: boolean;
}

type MutableRow = { -readonly [Name in keyof CustomerRow]: CustomerRow[Name] };

/**
 * A row that events are being folded into, from one batch to the next. Values of deltas stay texts
 * until the row is asked for, since of many deltas only the last ones count.
 */
export class RowFold {
  private readonly folded: MutableRow;
  /** The last delta that is not in the row yet. */
  private last: DeltaText | undefined;
  /** recordedAt of the first and last of them without a time of its own: it never steps back. */
  private firstRecordedAt = '';
  private lastRecordedAt = '';
  /** Least and greatest occurredAt; texts of this form are ordered as times are. */
  private firstOccurredAt = '';
  private lastOccurredAt = '';
  private isNew: boolean;
  private sumsChanged = false;
  private verifiedChanged = false;

  /** `isNew`: the row was made by an event just now; otherwise it is as it is stored. */
  constructor(row: CustomerRow, isNew = false) {
    this.folded = { ...row };
    this.isNew = isNew;
  }

  /** Of the last event folded in, or that the row has seen. */
  get revision(): number {
    return this.folded.revision;
  }

  /** Whose row it is. */
  get customer(): Pick<CustomerRow, 'reference' | 'tenant' | 'environment' | 'customerId'> {
    return this.folded;
  }

  /** The row after everything folded in; it changes with what is folded in later. */
  get row(): CustomerRow {
    if (this.last) this.addDeltas(this.last);
    return this.folded;
  }

  get isChanged(): boolean {
    return this.isNew || this.sumsChanged || this.verifiedChanged;
  }

  get change(): RowChange {
    const { isNew, sumsChanged, verifiedChanged } = this;
    return { isNew, sums: isNew || sumsChanged, verified: verifiedChanged };
  }

  /** The row is stored as it is now. */
  settle(): void {
    this.isNew = false;
    this.sumsChanged = false;
    this.verifiedChanged = false;
  }

  /** Folds the delta at `revision` in; the caller has seen to it that it is new to the row. */
  takeDelta(delta: DeltaText, revision: number): void {
    this.folded.revision = revision;
    this.sumsChanged = true;
    this.last = delta;
    const { recordedAt, occurredAt } = delta;
    if (occurredAt === '') {
      if (this.firstRecordedAt === '') this.firstRecordedAt = recordedAt;
      this.lastRecordedAt = recordedAt;
      return;
    }
    if (this.firstOccurredAt === '' || occurredAt < this.firstOccurredAt) {
      this.firstOccurredAt = occurredAt;
    }
    if (occurredAt > this.lastOccurredAt) this.lastOccurredAt = occurredAt;
  }

  /** Folds a fencing or a release at `revision` in. */
  takeFence(event: CustomerFenced | CustomerReleased, revision: number): void {
    const { folded } = this;
    const isFenced = event.type === CUSTOMER_FENCED;
    folded.revision = Math.max(folded.revision, revision);
    folded.fenced = isFenced;
    folded.fencedFromSequence = isFenced ? event.fromSequence : null;
    this.takeTime(isFenced ? event.fencedAt : event.releasedAt);
  }

  /** Folds a checkpoint at `revision` in: the one that was committed last is shown. */
  takeCheckpoint(event: CheckpointCommitted, revision: number): void {
    const { folded } = this;
    folded.revision = revision;
    folded.latestCheckpoint = checkpointId(recordIdPrefix(folded.reference), revision);
    this.takeTime(event.committedAt);
  }

  /** The customer's first deltas are verified; seen again it changes nothing. */
  takeVerified({ size, root, sealedAt }: SealedHead): void {
    const { folded } = this;
    if (size <= folded.verifiedDeltas) return;
    folded.verifiedDeltas = size;
    folded.sealedAt = sealedAt;
    folded.sealedRoot = root;
    this.verifiedChanged = true;
  }

  /** Time of an event that is no delta. */
  private takeTime(time: string): void {
    this.sumsChanged = true;
    this.folded.lastRecordedAt = Math.max(this.folded.lastRecordedAt, Date.parse(time));
  }

  private addDeltas(last: DeltaText): void {
    const { folded } = this;
    folded.totalDeltas = Number(last.sequence);
    folded.balanceNano = nanoOf(last.balance);
    folded.lastReceiptId = ownText(last.receiptId);
    folded.lastRecordedAt = Math.max(folded.lastRecordedAt, Date.parse(last.recordedAt));
    this.addActivity(this.firstRecordedAt, this.lastRecordedAt);
    this.addActivity(this.firstOccurredAt, this.lastOccurredAt);
    this.last = undefined;
    this.firstRecordedAt = '';
    this.lastRecordedAt = '';
    this.firstOccurredAt = '';
    this.lastOccurredAt = '';
  }

  /** From the first to the last of some times, if there are any. */
  private addActivity(first: string, last: string): void {
    if (first === '') return;
    const { folded } = this;
    const from = Date.parse(first);
    const to = first === last ? from : Date.parse(last);
    folded.firstActivity = Math.min(folded.firstActivity ?? from, from);
    folded.lastActivity = Math.max(folded.lastActivity ?? to, to);
  }
}
