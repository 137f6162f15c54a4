// The messages of the events topic, as docs/reference/kafka.md says them: JSON values, keyed by
// customer reference, each with an id that stays the same however often it is sent.
import type { RecordedEvent } from '@deltabook/application';
import {
  eventId,
  parseCustomerEvent,
  recordId,
  recordIdPrefix,
  type CustomerRecordOpened,
  type DeltaEmitted,
} from '@deltabook/domain';
import type { Sha256Hex } from '@deltabook/integrity';
import type { Message } from 'kafkajs';
import { traceparentOf } from '../trace-context';
import type { CustomerIdentities } from './customer-identities';

export const DELTA_RECORDED = 'delta.recorded';

/** Value of a `delta.recorded` message. */
export interface DeltaRecorded {
  /** Id of the stored event (UUID form). */
  readonly id: string;
  readonly event: typeof DELTA_RECORDED;
  readonly version: 1;
  /** recordedAt of the delta. */
  readonly timestamp: string;
  readonly tenantId: string;
  readonly environment: string;
  readonly data: {
    readonly recordId: string;
    readonly receiptId: string;
    readonly customerId: string;
    readonly customerReference: string;
    readonly sequenceNumber: number;
    readonly delta: number;
    readonly deltaDecimal: string;
    readonly computedBalance: number;
    readonly computedBalanceDecimal: string;
    readonly reason: string;
    readonly referenceId: string | null;
    readonly metadata: object | null;
    readonly adjusts: object | null;
    readonly recordedAt: string;
    readonly occurredAt: string | null;
    readonly contentHash: string;
    readonly previousProofHash: string;
    readonly position: string;
  };
}

/** Messages of consecutive events of the log, in their order; some events have none. */
export function eventMessages(
  events: readonly RecordedEvent[],
  identities: CustomerIdentities,
  sha256Hex: Sha256Hex,
): Message[] {
  const messages: Message[] = [];
  for (const recorded of events) {
    const event = parseCustomerEvent(recorded.type, recorded.data);
    if (event.type === 'CustomerRecordOpened') identities.opened(recorded.stream, event);
    else if (event.type === 'DeltaEmitted') {
      messages.push(deltaRecordedMessage({ recorded, event, sha256Hex }, identities));
    }
  }
  return messages;
}

interface RecordedDelta {
  readonly recorded: RecordedEvent;
  readonly event: DeltaEmitted;
  readonly sha256Hex: Sha256Hex;
}

function deltaRecordedMessage(delta: RecordedDelta, identities: CustomerIdentities): Message {
  const { recorded, event, sha256Hex } = delta;
  const customer = identities.of(recorded.stream);
  if (!customer) throw new Error(`stream ${recorded.stream} has no first event`);
  const id = eventId(recorded, sha256Hex);
  const { correlationId } = JSON.parse(recorded.metadata) as { correlationId?: string };
  const traceparent = traceparentOf(correlationId ?? '', id);
  return {
    key: customer.reference,
    value: JSON.stringify(deltaRecorded(recorded, event, { id, customer })),
    headers: {
      'event-id': id,
      'event-type': DELTA_RECORDED,
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  };
}

function deltaRecorded(
  recorded: RecordedEvent,
  event: DeltaEmitted,
  { id, customer }: { readonly id: string; readonly customer: CustomerRecordOpened },
): DeltaRecorded {
  const { leaf, private: own } = event;
  return {
    id,
    event: DELTA_RECORDED,
    version: 1,
    timestamp: leaf.recordedAt,
    tenantId: customer.tenant,
    environment: customer.environment,
    data: {
      recordId: recordId(recordIdPrefix(customer.reference), recorded.revision),
      receiptId: event.receiptId,
      customerId: customer.customerId,
      customerReference: customer.reference,
      sequenceNumber: Number(leaf.sequence),
      delta: Number(leaf.delta),
      deltaDecimal: leaf.delta,
      computedBalance: Number(leaf.balance),
      computedBalanceDecimal: leaf.balance,
      reason: own.reason,
      referenceId: own.referenceId ?? null,
      metadata: own.metadata ?? null,
      adjusts: own.adjusts ?? null,
      recordedAt: leaf.recordedAt,
      occurredAt: leaf.occurredAt === '' ? null : leaf.occurredAt,
      contentHash: leaf.contentHash,
      previousProofHash: leaf.previousProofHash,
      position: recorded.position.toString(),
    },
  };
}
