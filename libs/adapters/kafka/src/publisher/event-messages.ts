// The messages of the events topic, as docs/reference/kafka.md says them: JSON values, keyed by
// customer reference, each with an id that stays the same however often it is sent.
import type { RecordedEvent } from '@deltabook/application';
import {
  CHECKPOINT_COMMITTED,
  CUSTOMER_RECORD_OPENED,
  customerStream,
  DELTA_EMITTED,
  DELTAS_VERIFIED,
  eventId,
  recordId,
  recordIdPrefix,
  sealScopeOfStream,
  wholeCustomerEvent,
  wholeSealEvent,
  type CustomerEvent,
  type CustomerRecordOpened,
  type DeltaEmitted,
  type SealEvent,
} from '@deltabook/domain';
import type { Sha256Hex } from '@deltabook/integrity';
import type { Message } from 'kafkajs';
import { traceparentOf } from '../trace-context';
import type { CustomerIdentities } from './customer-identities';
import { checkpointVerifiedMessage, deltaVerifiedMessages } from './verified-messages';

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

/** An event of a customer or of a seal log, with what its text says. */
export interface ReadEvent {
  readonly recorded: RecordedEvent;
  readonly event: CustomerEvent | SealEvent;
}

/**
 * Reads stored events of the published streams; damaged ones are left out. Throws
 * UnreadableEventError.
 */
export function readEvents(events: readonly RecordedEvent[]): readonly ReadEvent[] {
  return events.flatMap((recorded) => {
    const { data, stream, type } = recorded;
    const isOfSealLog = sealScopeOfStream(stream) !== undefined;
    const event = isOfSealLog ? wholeSealEvent(type, data) : wholeCustomerEvent(type, data);
    return event ? [{ recorded, event }] : [];
  });
}

/** Streams of customers whose identities the events' messages need. */
export function customerStreamsOf(events: readonly ReadEvent[]): readonly string[] {
  return events.flatMap(({ recorded, event }) => {
    switch (event.type) {
      case DELTAS_VERIFIED:
        return event.heads.map(([reference]) => customerStream(reference));
      case DELTA_EMITTED:
      case CHECKPOINT_COMMITTED:
        return [recorded.stream];
      default:
        return [];
    }
  });
}

/**
 * Messages of consecutive events of the log, in their order; some events have none, and nothing is
 * told of a customer whom nobody can name any more.
 */
export function eventMessages(
  events: readonly ReadEvent[],
  identities: CustomerIdentities,
  sha256Hex: Sha256Hex,
): Message[] {
  const messages: Message[] = [];
  for (const read of events) {
    for (const message of messagesOf(read, identities, sha256Hex)) messages.push(message);
  }
  return messages;
}

function messagesOf(
  { recorded, event }: ReadEvent,
  identities: CustomerIdentities,
  sha256Hex: Sha256Hex,
): readonly Message[] {
  const { stream } = recorded;
  switch (event.type) {
    case CUSTOMER_RECORD_OPENED:
      identities.opened(stream, event);
      return [];
    case DELTAS_VERIFIED:
      return deltaVerifiedMessages(recorded, event, { identities, sha256Hex });
    case DELTA_EMITTED: {
      const customer = identities.of(stream);
      return customer ? [deltaRecordedMessage({ recorded, event, sha256Hex }, customer)] : [];
    }
    case CHECKPOINT_COMMITTED: {
      const customer = identities.of(stream);
      return customer ? [checkpointVerifiedMessage(recorded, event, { customer, sha256Hex })] : [];
    }
    default:
      return [];
  }
}

interface RecordedDelta {
  readonly recorded: RecordedEvent;
  readonly event: DeltaEmitted;
  readonly sha256Hex: Sha256Hex;
}

function deltaRecordedMessage(delta: RecordedDelta, customer: CustomerRecordOpened): Message {
  const { recorded, event, sha256Hex } = delta;
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
