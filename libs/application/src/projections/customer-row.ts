// The customer row: balance and summary of one customer, folded from the events of its stream.
import {
  CUSTOMER_RECORD_OPENED,
  DELTA_EMITTED,
  nanoOf,
  type CustomerEvent,
  type CustomerRecordOpened,
  type DeltaEmitted,
} from '@deltabook/domain';
import { FIRST_PREVIOUS_PROOF_HASH } from '@deltabook/integrity';
import type { CustomerRow } from '../read-models/rows';

/**
 * Folds one event at `revision` into the row. What the row has seen already leaves it as it is, so
 * an event may be delivered twice; a delta without its record (a damaged stream) makes no row.
 */
export function foldCustomerEvent(
  row: CustomerRow | undefined,
  event: CustomerEvent,
  revision: number,
): CustomerRow | undefined {
  if (row && revision <= row.revision) return row;
  switch (event.type) {
    case CUSTOMER_RECORD_OPENED:
      return row ? { ...row, revision } : openedRow(event, revision);
    case DELTA_EMITTED:
      return row && withDelta(row, event, revision);
  }
}

function openedRow(event: CustomerRecordOpened, revision: number): CustomerRow {
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

function withDelta(row: CustomerRow, event: DeltaEmitted, revision: number): CustomerRow {
  const { leaf, receiptId } = event;
  const recordedAt = Date.parse(leaf.recordedAt);
  // Activity goes by when things happened, where the caller said so.
  const activity = leaf.occurredAt === '' ? recordedAt : Date.parse(leaf.occurredAt);
  const { firstActivity, lastActivity } = row;
  return {
    ...row,
    revision,
    totalDeltas: Number(leaf.sequence),
    balanceNano: nanoOf(leaf.balance),
    lastReceiptId: receiptId,
    lastRecordedAt: recordedAt,
    firstActivity: firstActivity === null ? activity : Math.min(firstActivity, activity),
    lastActivity: lastActivity === null ? activity : Math.max(lastActivity, activity),
  };
}
