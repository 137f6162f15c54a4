// The customer row: balance and summary of one customer, folded from the events of its stream.
import { nanoOf, type CustomerRecordOpened, type DeltaText } from '@deltabook/domain';
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

  /** `revision`: of the last event folded in, or that the row has seen. */
  constructor(
    private readonly row: CustomerRow,
    public revision = row.revision,
  ) {}

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

  /** The row after everything folded in. */
  folded(): CustomerRow {
    const { row, revision, last } = this;
    if (!last) return { ...row, revision };
    const { firstRecordedAt, lastRecordedAt, firstOccurredAt, lastOccurredAt } = this;
    const first = [row.firstActivity, timeOf(firstRecordedAt), timeOf(firstOccurredAt)];
    const latest = [row.lastActivity, timeOf(lastRecordedAt), timeOf(lastOccurredAt)];
    return {
      ...row,
      revision,
      totalDeltas: Number(last.sequence),
      balanceNano: nanoOf(last.balance),
      lastReceiptId: last.receiptId,
      lastRecordedAt: Date.parse(last.recordedAt),
      firstActivity: Math.min(...first.filter((time) => time !== null)),
      lastActivity: Math.max(...latest.filter((time) => time !== null)),
    };
  }
}

const timeOf = (text: string): number | null => (text === '' ? null : Date.parse(text));
