// Events of a customer's stream as they are stored. Types, versions and texts are constants
// for ever: test/golden holds one of each version and every later build must read them.
import { leafText, type Json, type Leaf } from '@deltabook/integrity';
import type { Environment } from '../identity/names';

export const CUSTOMER_RECORD_OPENED = 'CustomerRecordOpened';
export const DELTA_EMITTED = 'DeltaEmitted';
export const CUSTOMER_FENCED = 'CustomerFenced';
export const CUSTOMER_RELEASED = 'CustomerReleased';
export const CHECKPOINT_COMMITTED = 'CheckpointCommitted';

/** First event of a customer's stream. */
export interface CustomerRecordOpened {
  readonly type: typeof CUSTOMER_RECORD_OPENED;
  readonly v: 1;
  readonly tenant: string;
  readonly environment: Environment;
  readonly customerId: string;
  readonly reference: string;
  /** RFC 3339 UTC, 3 fraction digits. */
  readonly openedAt: string;
}

/** What an entry corrects: the caller's id of it or its recordId. */
export interface Adjusts {
  readonly referenceId?: string;
  readonly recordId?: string;
}

/**
 * The private part: hashed with its salt into the leaf's contentHash, never part of a public proof.
 */
export interface PrivatePart {
  readonly adjusts?: Adjusts;
  readonly metadata?: { readonly [key: string]: Json };
  readonly reason: string;
  readonly referenceId?: string;
  /** 32 hex digits of randomness, so that a guessable content cannot be found from its hash. */
  readonly salt: string;
}

/** HMACs (64 hex) under a key derived from the tenant's; see idempotency.ts. */
export interface IdempotencyMark {
  readonly key: string;
  readonly body: string;
}

/** A delta: its public leaf, the leaf's hash and the private part. */
export interface DeltaEmitted {
  readonly type: typeof DELTA_EMITTED;
  readonly v: 1;
  readonly leaf: Leaf;
  /** RFC 6962 leaf hash of the canonical leaf. */
  readonly receiptId: string;
  readonly idempotency?: IdempotencyMark;
  /** Absent only where it is stored encrypted, which a later version brings. */
  readonly private: PrivatePart;
}

/** The customer's stored history failed verification. */
export interface CustomerFenced {
  readonly type: typeof CUSTOMER_FENCED;
  readonly v: 1;
  /** Sequence of the first delta that is not to be believed. */
  readonly fromSequence: number;
  /** What was wrong, as the verifier names it. */
  readonly problems: readonly string[];
  /** RFC 3339 UTC, 3 fraction digits. */
  readonly fencedAt: string;
}

/** The history was found whole again, or repaired; it is verified from where it was fenced. */
export interface CustomerReleased {
  readonly type: typeof CUSTOMER_RELEASED;
  readonly v: 1;
  readonly releasedAt: string;
}

/**
 * The lock of a UTC month: the customer's verified deltas up to one, with the balance they make.
 * Its id is its place in the stream: see checkpointId().
 */
export interface CheckpointCommitted {
  readonly type: typeof CHECKPOINT_COMMITTED;
  readonly v: 1;
  /** YYYY-MM. */
  readonly period: string;
  /** Sequence of the last delta before the end of the period: all up to it are covered. */
  readonly sequence: number;
  /** Deltas of the period among them: the last ones. */
  readonly deltaCount: number;
  /** Canonical decimals: before the first delta of the period, and after the last one. */
  readonly openingBalance: string;
  readonly balance: string;
  /** receiptId of the last delta covered. */
  readonly proofRoot: string;
  /** Revision of the checkpoint of the same period whose place this one takes. */
  readonly supersedes?: number;
  /** RFC 3339 UTC, 3 fraction digits. */
  readonly committedAt: string;
}

export type CustomerEvent =
  CustomerRecordOpened | DeltaEmitted | CustomerFenced | CustomerReleased | CheckpointCommitted;

/** A stored text that this build cannot read: another version or a type of a newer build. */
export class UnreadableEventError extends Error {
  readonly code = 'UNREADABLE_EVENT';
  constructor(type: string, version: unknown) {
    super(
      `stored event ${type} v${String(version)} is not known to this build; ` +
        'run the version that wrote it or a newer one',
    );
  }
}

/** Text stored for CustomerRecordOpened v1. */
export function customerRecordOpenedText(event: CustomerRecordOpened): string {
  const { v, tenant, environment, customerId, reference, openedAt } = event;
  return JSON.stringify({ v, tenant, environment, customerId, reference, openedAt });
}

/** Text stored for DeltaEmitted v1, spliced from canonical parts that were hashed already. */
export function deltaEmittedText(parts: {
  readonly leafText: string;
  readonly receiptId: string;
  readonly privateText: string;
  readonly idempotency: IdempotencyMark | undefined;
}): string {
  const mark = parts.idempotency
    ? `"idempotency":{"body":"${parts.idempotency.body}","key":"${parts.idempotency.key}"},`
    : '';
  const { leafText, privateText, receiptId } = parts;
  return `{"v":1,${mark}"leaf":${leafText},"private":${privateText},"receiptId":"${receiptId}"}`;
}

/** Text stored for CustomerFenced v1. */
export function customerFencedText(event: CustomerFenced): string {
  const { v, fromSequence, problems, fencedAt } = event;
  return JSON.stringify({ v, fromSequence, problems, fencedAt });
}

/** Text stored for CustomerReleased v1. */
export function customerReleasedText({ v, releasedAt }: CustomerReleased): string {
  return JSON.stringify({ v, releasedAt });
}

/** Text stored for CheckpointCommitted v1. */
export function checkpointCommittedText(event: CheckpointCommitted): string {
  const { v, period, sequence, deltaCount, openingBalance, balance, proofRoot } = event;
  const { supersedes, committedAt } = event;
  const sums = { sequence, deltaCount, openingBalance, balance, proofRoot };
  return JSON.stringify({ v, period, ...sums, supersedes, committedAt });
}

/** Stored text of any customer event; for tests and tools, the write path splices. */
export function customerEventText(
  event: CustomerEvent,
  canonical: (value: Json) => string,
): string {
  switch (event.type) {
    case CUSTOMER_RECORD_OPENED:
      return customerRecordOpenedText(event);
    case CUSTOMER_FENCED:
      return customerFencedText(event);
    case CUSTOMER_RELEASED:
      return customerReleasedText(event);
    case CHECKPOINT_COMMITTED:
      return checkpointCommittedText(event);
    case DELTA_EMITTED:
      return deltaEmittedText({
        leafText: leafText(event.leaf),
        receiptId: event.receiptId,
        privateText: canonical(event.private as unknown as Json),
        idempotency: event.idempotency,
      });
  }
}

/**
 * Reads a stored customer event. Throws UnreadableEventError for an unknown
 * type or version, so that whoever follows the log stops instead of skipping.
 */
export function parseCustomerEvent(type: string, data: string): CustomerEvent {
  const stored = JSON.parse(data) as { v?: unknown; type?: string };
  if (!CUSTOMER_EVENTS.includes(type) || stored.v !== 1) {
    throw new UnreadableEventError(type, stored.v);
  }
  stored.type = type;
  return stored as CustomerEvent;
}

const CUSTOMER_EVENTS: readonly string[] = [
  CUSTOMER_RECORD_OPENED,
  DELTA_EMITTED,
  CUSTOMER_FENCED,
  CUSTOMER_RELEASED,
  CHECKPOINT_COMMITTED,
];
