// Says in a customer's own stream that its history failed: from then on writes and reads refuse it.
import { CUSTOMER_FENCED, customerFencedText, timeText } from '@deltabook/domain';
import { appendOne, type AppendRetry } from '../access/append-one';
import type { EventStore } from '../ports/event-store.port';
import type { VerificationFailure } from '../ports/verification-store.port';
import type { CustomerHistory } from './customer-history';

/** Times that it is tried again when the customer's stream has just moved on. */
const TRIES_MAX = 20;
const METADATA = JSON.stringify({ door: 'verifier', actor: 'verifier' });

export interface FenceParts {
  readonly log: Pick<EventStore, 'append'>;
  readonly retry: AppendRetry;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onFenced: (stream: string, fromSequence: number, problems: readonly string[]) => void;
}

/** What is said of a history that failed, and where its stream ended then. */
export interface FailedHistory {
  readonly stream: string;
  readonly revision: number;
  /** Time of its last event, milliseconds since the epoch. */
  readonly recordedAt: number;
  readonly failure: VerificationFailure;
}

/** Fences a customer of the verifier; where that fails the next round tries again. */
export async function fenceCustomer(history: CustomerHistory, parts: FenceParts): Promise<void> {
  const { failure, point, revision } = history.known;
  if (!failure) return;
  const recordedAt = point.recordedAt === '' ? 0 : Date.parse(point.recordedAt);
  const { stream } = history;
  if (await appendFence({ stream, revision, recordedAt, failure }, parts)) history.fencedByUs();
}

/**
 * Appends CustomerFenced at the end of the stream, whatever others append meanwhile; false when it
 * could not be stored.
 */
export async function appendFence(failed: FailedHistory, parts: FenceParts): Promise<boolean> {
  const { log, retry, now, onFenced } = parts;
  const { stream, revision, recordedAt } = failed;
  const { fromSequence, problems } = failed.failure;
  const fencedAt = timeText(Math.max(now(), recordedAt));
  const event = { type: CUSTOMER_FENCED, v: 1, fromSequence, problems, fencedAt } as const;
  const data = customerFencedText(event);
  const events = [{ type: CUSTOMER_FENCED, data, metadata: METADATA }];
  let expectedRevision = revision;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const outcome = await appendOne(log, { stream, expectedRevision, events }, retry);
    if (outcome.kind === 'appended') {
      onFenced(stream, fromSequence, problems);
      return true;
    }
    if (outcome.kind !== 'conflict') return false;
    expectedRevision = outcome.actualRevision;
  }
  return false;
}
