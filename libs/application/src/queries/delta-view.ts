// One delta as reads show it: everything of its stored event, and its status, which is computed.
import {
  DELTA_EMITTED,
  nanoOf,
  parseCustomerEvent,
  readDeltaEvent,
  recordId,
  type Adjusts,
  type DeltaEmitted,
} from '@deltabook/domain';
import type { Json } from '@deltabook/integrity';
import type { RecordedEvent } from '../ports/event-store.port';
import type { CustomerRow } from '../read-models/rows';
import type { CoveringSeal } from '../receipts/covering-seal';

/** PacSpace's words for the life of a delta. */
export const DELTA_STATUSES = ['QUEUED', 'PROCESSING', 'VERIFIED', 'FAILED'] as const;
export type DeltaStatus = (typeof DELTA_STATUSES)[number];

export interface DeltaView {
  readonly recordId: string;
  readonly receiptId: string;
  readonly contentHash: string;
  readonly previousProofHash: string;
  readonly sequence: number;
  readonly nano: bigint;
  /** Balance after this delta. */
  readonly balanceNano: bigint;
  readonly reason: string;
  readonly referenceId: string | undefined;
  readonly metadata: { readonly [key: string]: Json } | undefined;
  readonly adjusts: Adjusts | undefined;
  readonly status: DeltaStatus;
  /** RFC 3339 UTC, 3 fraction digits. */
  readonly recordedAt: string;
  readonly occurredAt: string | undefined;
  /** occurredAt where the caller gave it, else recordedAt: what first and last activity go by. */
  readonly time: string;
  /** A seal that covers it, where the reader has one at hand. */
  readonly covering: CoveringSeal | undefined;
}

/** What a delta's view needs of its customer beside the event. */
export interface DeltaOwner {
  /** See recordIdPrefix() of the domain. */
  readonly recordIdPrefix: string;
  readonly fencedFromSequence: CustomerRow['fencedFromSequence'];
  readonly verifiedDeltas: number;
  /** Seal of the verified deltas; undefined where nobody asks for it. */
  readonly seal?: CoveringSeal | undefined;
}

/** FAILED from the first bad delta of a fenced customer on, whatever was verified before. */
export function deltaStatus(
  sequence: number,
  owner: Pick<DeltaOwner, 'fencedFromSequence' | 'verifiedDeltas'>,
): DeltaStatus {
  const { fencedFromSequence, verifiedDeltas } = owner;
  if (fencedFromSequence !== null && sequence >= fencedFromSequence) return 'FAILED';
  return sequence <= verifiedDeltas ? 'VERIFIED' : 'QUEUED';
}

/** The view of a stored event, or undefined when it is no delta. Throws UnreadableEventError. */
export function deltaViewOf(recorded: RecordedEvent, owner: DeltaOwner): DeltaView | undefined {
  if (recorded.type !== DELTA_EMITTED) return undefined;
  const { type, data } = recorded;
  const event = readDeltaEvent(data) ?? (parseCustomerEvent(type, data) as DeltaEmitted);
  const { leaf, receiptId, private: content } = event;
  const sequence = Number(leaf.sequence);
  const occurredAt = leaf.occurredAt === '' ? undefined : leaf.occurredAt;
  const status = deltaStatus(sequence, owner);
  return {
    recordId: recordId(owner.recordIdPrefix, recorded.revision),
    receiptId,
    contentHash: leaf.contentHash,
    previousProofHash: leaf.previousProofHash,
    sequence,
    nano: nanoOf(leaf.delta),
    balanceNano: nanoOf(leaf.balance),
    reason: content.reason,
    referenceId: content.referenceId,
    metadata: content.metadata,
    adjusts: content.adjusts,
    status,
    recordedAt: leaf.recordedAt,
    occurredAt,
    time: occurredAt ?? leaf.recordedAt,
    covering: status === 'VERIFIED' ? owner.seal : undefined,
  };
}
