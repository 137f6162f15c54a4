// The state of one customer as the decider needs it, and how each event changes it.
import { FIRST_PREVIOUS_PROOF_HASH } from '@deltabook/integrity';
import { nanoOf } from '../money/amount';
import {
  CHECKPOINT_COMMITTED,
  CUSTOMER_FENCED,
  CUSTOMER_RECORD_OPENED,
  CUSTOMER_RELEASED,
  DELTA_EMITTED,
  type CustomerEvent,
} from './events';

/** Write-side state of a customer; `absent` before the first delta. */
export type Customer =
  | { readonly status: 'absent' }
  | {
      readonly status: 'open';
      /** Revision of the last event of the stream. */
      readonly revision: number;
      /** Sequence of the last delta; 0 before the first. */
      readonly sequence: number;
      readonly balanceNano: bigint;
      readonly lastReceiptId: string;
      /** Milliseconds since the epoch of the stream's last event. */
      readonly lastRecordedAt: number;
      readonly fenced: boolean;
    };

export const ABSENT: Customer = { status: 'absent' };

/** Folds one stored event at `revision` into the state; never throws on a readable event. */
export function evolve(customer: Customer, event: CustomerEvent, revision: number): Customer {
  if (event.type === CUSTOMER_RECORD_OPENED) {
    return {
      status: 'open',
      revision,
      sequence: 0,
      balanceNano: 0n,
      lastReceiptId: FIRST_PREVIOUS_PROOF_HASH,
      lastRecordedAt: Date.parse(event.openedAt),
      fenced: false,
    };
  }
  if (customer.status === 'absent') return customer;
  switch (event.type) {
    case CUSTOMER_FENCED:
      return { ...later(customer, event.fencedAt), revision, fenced: true };
    case CUSTOMER_RELEASED:
      return { ...later(customer, event.releasedAt), revision, fenced: false };
    case CHECKPOINT_COMMITTED:
      return { ...later(customer, event.committedAt), revision };
    case DELTA_EMITTED:
      return {
        ...customer,
        revision,
        sequence: Number(event.leaf.sequence),
        balanceNano: nanoOf(event.leaf.balance),
        lastReceiptId: event.receiptId,
        lastRecordedAt: Date.parse(event.leaf.recordedAt),
      };
  }
}

type Open = Extract<Customer, { status: 'open' }>;

/** Time never steps back within a customer, whatever another writer's clock said. */
function later(customer: Open, time: string): Open {
  return { ...customer, lastRecordedAt: Math.max(customer.lastRecordedAt, Date.parse(time)) };
}
