// Releases a fenced customer: once its history recomputes and leads to what was sealed, its own
// stream says so, and reads and writes are taken again.
import {
  CUSTOMER_RELEASED,
  customerReleasedText,
  customerStream,
  timeText,
} from '@deltabook/domain';
import { appendOne, type AppendRetry } from '../access/append-one';
import type { AppendOutcome, EventStore } from '../ports/event-store.port';
import type { VerificationFailure } from '../ports/verification-store.port';
import type { AuditedState } from './audited-state';

/** Times that a history is audited again because its stream has just moved on. */
const TRIES_MAX = 5;

export type ReleaseOutcome =
  | { readonly kind: 'released'; readonly deltas: number; readonly position: string }
  | { readonly kind: 'unknown-customer' }
  | { readonly kind: 'not-fenced' }
  | { readonly kind: 'still-fails'; readonly failure: VerificationFailure }
  | { readonly kind: 'not-stored'; readonly outcome: AppendOutcome['kind'] };

export interface ReleaseParts {
  readonly store: Pick<EventStore, 'append'>;
  readonly retry: AppendRetry;
  /** JSON text that is stored beside the event: who released, through which door. */
  readonly metadata: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Replays the customer's history as it is stored now; undefined when there is none. */
  readonly audited: () => Promise<AuditedState | undefined>;
}

export async function releaseCustomer(parts: ReleaseParts): Promise<ReleaseOutcome> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const customer = await parts.audited();
    if (!customer) return { kind: 'unknown-customer' };
    if (customer.failure) return { kind: 'still-fails', failure: customer.failure };
    if (!customer.fenced) return { kind: 'not-fenced' };
    const outcome = await append(customer, parts);
    if (outcome.kind === 'appended') {
      return { kind: 'released', deltas: customer.size, position: String(outcome.position) };
    }
    if (outcome.kind !== 'conflict') return { kind: 'not-stored', outcome: outcome.kind };
  }
  return { kind: 'not-stored', outcome: 'conflict' };
}

function append(customer: AuditedState, parts: ReleaseParts): Promise<AppendOutcome> {
  const { store, retry, metadata, now } = parts;
  const { revision: expectedRevision, recordedAt, identity } = customer;
  const releasedAt = timeText(Math.max(now, recordedAt));
  const data = customerReleasedText({ type: CUSTOMER_RELEASED, v: 1, releasedAt });
  const events = [{ type: CUSTOMER_RELEASED, data, metadata }];
  const stream = customerStream(identity.reference);
  return appendOne(store, { stream, expectedRevision, events }, retry);
}
