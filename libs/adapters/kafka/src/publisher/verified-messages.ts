// The messages of the events topic about what is verified: a customer's head each time that it is
// sealed, and each checkpoint that is committed.
import type { RecordedEvent } from '@deltabook/application';
import {
  checkpointId,
  customerStream,
  eventId,
  recordIdPrefix,
  sealScopeOfStream,
  type CheckpointCommitted,
  type CustomerRecordOpened,
  type DeltasVerified,
} from '@deltabook/domain';
import type { Sha256Hex } from '@deltabook/integrity';
import type { Message } from 'kafkajs';
import type { CustomerIdentities } from './customer-identities';

export const DELTA_VERIFIED = 'delta.verified';
export const CHECKPOINT_VERIFIED = 'checkpoint.verified';

/** What every message says of itself. */
interface Envelope<Event extends string, Data> {
  /** The same however often the message is sent. */
  readonly id: string;
  readonly event: Event;
  readonly version: 1;
  readonly timestamp: string;
  readonly tenantId: string;
  readonly environment: string;
  readonly data: Data & { readonly customerId: string; readonly customerReference: string };
}

/** Value of a `delta.verified` message: all deltas of the customer up to one are sealed. */
export type DeltaVerified = Envelope<
  typeof DELTA_VERIFIED,
  {
    /** Sequence of the last delta that is verified. */
    readonly verifiedThrough: number;
    /** Root of the customer's tree over them. */
    readonly treeRoot: string;
    /** Place of the seal in the seal log. */
    readonly sealIndex: number;
    readonly sealedAt: string;
    readonly position: string;
  }
>;

/** Value of a `checkpoint.verified` message. */
export type CheckpointVerified = Envelope<
  typeof CHECKPOINT_VERIFIED,
  {
    readonly checkpointId: string;
    readonly period: string;
    readonly sequenceNumber: number;
    readonly deltaCount: number;
    readonly openingBalanceDecimal: string;
    readonly computedBalance: number;
    readonly computedBalanceDecimal: string;
    readonly proofRoot: string;
    /** Id of the checkpoint whose place this one takes. */
    readonly supersedes: string | null;
    readonly committedAt: string;
    readonly position: string;
  }
>;

/** A message for each head of the event, in their order. */
export function deltaVerifiedMessages(
  recorded: RecordedEvent,
  event: DeltasVerified,
  parts: { readonly identities: CustomerIdentities; readonly sha256Hex: Sha256Hex },
): Message[] {
  const scope = sealScopeOfStream(recorded.stream);
  if (!scope) throw new Error(`stream ${recorded.stream} is no seal log`);
  const id = eventId(recorded, parts.sha256Hex);
  return event.heads.flatMap(([reference, size, root], i): Message[] => {
    const customer = parts.identities.of(customerStream(reference));
    if (!customer) return [];
    const value: DeltaVerified = {
      id: `${id}/${i}`,
      event: DELTA_VERIFIED,
      version: 1,
      timestamp: event.sealedAt,
      tenantId: scope.tenant,
      environment: scope.environment,
      data: {
        customerId: customer.customerId,
        customerReference: reference,
        verifiedThrough: size,
        treeRoot: root,
        sealIndex: event.firstIndex + i,
        sealedAt: event.sealedAt,
        position: recorded.position.toString(),
      },
    };
    return [messageOf(value)];
  });
}

export function checkpointVerifiedMessage(
  recorded: RecordedEvent,
  event: CheckpointCommitted,
  parts: { readonly customer: CustomerRecordOpened; readonly sha256Hex: Sha256Hex },
): Message {
  const { customer, sha256Hex } = parts;
  const prefix = recordIdPrefix(customer.reference);
  const { supersedes } = event;
  const value: CheckpointVerified = {
    id: eventId(recorded, sha256Hex),
    event: CHECKPOINT_VERIFIED,
    version: 1,
    timestamp: event.committedAt,
    tenantId: customer.tenant,
    environment: customer.environment,
    data: {
      checkpointId: checkpointId(prefix, recorded.revision),
      customerId: customer.customerId,
      customerReference: customer.reference,
      period: event.period,
      sequenceNumber: event.sequence,
      deltaCount: event.deltaCount,
      openingBalanceDecimal: event.openingBalance,
      computedBalance: Number(event.balance),
      computedBalanceDecimal: event.balance,
      proofRoot: event.proofRoot,
      supersedes: supersedes === undefined ? null : checkpointId(prefix, supersedes),
      committedAt: event.committedAt,
      position: recorded.position.toString(),
    },
  };
  return messageOf(value);
}

function messageOf(value: DeltaVerified | CheckpointVerified): Message {
  return {
    key: value.data.customerReference,
    value: JSON.stringify(value),
    headers: { 'event-id': value.id, 'event-type': value.event },
  };
}
