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
import { FIRST_PREVIOUS_PROOF_HASH } from '@deltabook/integrity';
import type { CustomerRow } from '../read-models/rows';

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
  };
}

/**
 * A row that events are being folded into. Values stay texts until the row is asked for, since of
 * many deltas only the last ones count.
 */
export class RowFold {
  private last: DeltaText | undefined;
  /** recordedAt of the first and last delta without a time of its own: it never steps back. */
  private firstRecordedAt = '';
  private lastRecordedAt = '';
  /** Least and greatest occurredAt; texts of this form are ordered as times are. */
  private firstOccurredAt = '';
  private lastOccurredAt = '';
  private verifiedDeltas: number;
  private fence: Pick<CustomerRow, 'fenced' | 'fencedFromSequence'>;
  private latestCheckpoint: string | null;
  /** Time of the last event that is no delta: a fencing, a release or a checkpoint. */
  private lastOtherAt = Number.NEGATIVE_INFINITY;

  /** `revision`: of the last event folded in, or that the row has seen. */
  constructor(
    private readonly row: CustomerRow,
    public revision = row.revision,
  ) {
    const { fenced, fencedFromSequence, verifiedDeltas } = row;
    this.fence = { fenced, fencedFromSequence };
    this.verifiedDeltas = verifiedDeltas;
    this.latestCheckpoint = row.latestCheckpoint;
  }

  /** Whose row it is. */
  get customer(): Pick<CustomerRow, 'reference' | 'tenant' | 'environment' | 'customerId'> {
    return this.row;
  }

  /** Folds the delta at `revision` in; the caller has seen to it that it is new to the row. */
  takeDelta(delta: DeltaText, revision: number): void {
    this.revision = revision;
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
    this.revision = Math.max(this.revision, revision);
    const isFenced = event.type === CUSTOMER_FENCED;
    this.fence = {
      fenced: isFenced,
      fencedFromSequence: isFenced ? event.fromSequence : null,
    };
    this.takeTime(isFenced ? event.fencedAt : event.releasedAt);
  }

  /** Folds a checkpoint at `revision` in: the one that was committed last is shown. */
  takeCheckpoint(event: CheckpointCommitted, revision: number): void {
    this.revision = revision;
    this.latestCheckpoint = checkpointId(recordIdPrefix(this.row.reference), revision);
    this.takeTime(event.committedAt);
  }

  /** The customer's first `size` deltas are verified; seen again it changes nothing. */
  takeVerified(size: number): void {
    if (size > this.verifiedDeltas) this.verifiedDeltas = size;
  }

  /** The row after everything folded in. */
  folded(): CustomerRow {
    const { revision, last, fence, verifiedDeltas, latestCheckpoint } = this;
    const lastRecordedAt = Math.max(this.row.lastRecordedAt, this.lastOtherAt);
    const sums = { lastRecordedAt, verifiedDeltas, latestCheckpoint };
    const row = { ...this.row, ...fence, revision, ...sums };
    return last ? this.withDeltas(row, last) : row;
  }

  private takeTime(time: string): void {
    this.lastOtherAt = Math.max(this.lastOtherAt, Date.parse(time));
  }

  private withDeltas(row: CustomerRow, last: DeltaText): CustomerRow {
    const { firstRecordedAt, lastRecordedAt, firstOccurredAt, lastOccurredAt } = this;
    const first = [row.firstActivity, timeOf(firstRecordedAt), timeOf(firstOccurredAt)];
    const latest = [row.lastActivity, timeOf(lastRecordedAt), timeOf(lastOccurredAt)];
    return {
      ...row,
      totalDeltas: Number(last.sequence),
      balanceNano: nanoOf(last.balance),
      lastReceiptId: last.receiptId,
      lastRecordedAt: Math.max(row.lastRecordedAt, Date.parse(last.recordedAt)),
      firstActivity: Math.min(...first.filter((time) => time !== null)),
      lastActivity: Math.max(...latest.filter((time) => time !== null)),
    };
  }
}

const timeOf = (text: string): number | null => (text === '' ? null : Date.parse(text));
