// The messages of the events topic, as docs/reference/kafka.md says them: JSON values, keyed by
// customer reference, each with an id that stays the same however often it is sent.
import type { RecordedEvent } from '@deltabook/application';
import {
  customerStream,
  eventId,
  parseCustomerEvent,
  parseSealEvent,
  recordId,
  recordIdPrefix,
  sealScopeOfStream,
  type CustomerRecordOpened,
  type DeltaEmitted,
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

/** Messages of consecutive events of the log, in their order; some events have none. */
export function eventMessages(
  events: readonly RecordedEvent[],
  identities: CustomerIdentities,
  sha256Hex: Sha256Hex,
): Message[] {
  const messages: Message[] = [];
  for (const recorded of events) {
    for (const message of messagesOf(recorded, identities, sha256Hex)) messages.push(message);
  }
  return messages;
}

/** Streams of customers whose identities the events' messages need. */
export function customerStreamsOf(events: readonly RecordedEvent[]): readonly string[] {
  return events.flatMap((recorded) => {
    if (!isOfSealLog(recorded)) return recorded.revision > 0 ? [recorded.stream] : [];
    const event = parseSealEvent(recorded.type, recorded.data);
    if (event.type !== 'DeltasVerified') return [];
    return event.heads.map(([reference]) => customerStream(reference));
  });
}

const isOfSealLog = ({ stream }: RecordedEvent): boolean => sealScopeOfStream(stream) !== undefined;

function messagesOf(
  recorded: RecordedEvent,
  identities: CustomerIdentities,
  sha256Hex: Sha256Hex,
): readonly Message[] {
  if (isOfSealLog(recorded)) {
    const event = parseSealEvent(recorded.type, recorded.data);
    if (event.type !== 'DeltasVerified') return [];
    return deltaVerifiedMessages(recorded, event, { identities, sha256Hex });
  }
  const event = parseCustomerEvent(recorded.type, recorded.data);
  if (event.type === 'CustomerRecordOpened') {
    identities.opened(recorded.stream, event);
    return [];
  }
  const customer = identities.of(recorded.stream);
  if (!customer) throw new Error(`stream ${recorded.stream} has no first event`);
  if (event.type === 'DeltaEmitted') {
    return [deltaRecordedMessage({ recorded, event, sha256Hex }, customer)];
  }
  if (event.type !== 'CheckpointCommitted') return [];
  return [checkpointVerifiedMessage(recorded, event, { customer, sha256Hex })];
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
