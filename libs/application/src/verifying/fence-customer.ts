// Says in a customer's own stream that its history failed: from then on writes and reads refuse it.
import { CUSTOMER_FENCED, customerFencedText, timeText } from '@deltabook/domain';
import { appendOne, type AppendRetry } from '../access/append-one';
import type { EventStore } from '../ports/event-store.port';
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

/**
 * Appends CustomerFenced at the end of the stream, whatever others append meanwhile; where that
 * fails the next round tries again.
 */
export async function fenceCustomer(history: CustomerHistory, parts: FenceParts): Promise<void> {
  const { log, retry, now, onFenced } = parts;
  const { failure, point, revision } = history.known;
  if (!failure) return;
  const { fromSequence, problems } = failure;
  const recordedAt = point.recordedAt === '' ? 0 : Date.parse(point.recordedAt);
  const fencedAt = timeText(Math.max(now(), recordedAt));
  const event = { type: CUSTOMER_FENCED, v: 1, fromSequence, problems, fencedAt } as const;
  const data = customerFencedText(event);
  const events = [{ type: CUSTOMER_FENCED, data, metadata: METADATA }];
  let expectedRevision = revision;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const append = { stream: history.stream, expectedRevision, events };
    const outcome = await appendOne(log, append, retry);
    if (outcome.kind === 'appended') {
      history.fencedByUs();
      return onFenced(history.stream, fromSequence, problems);
    }
    if (outcome.kind !== 'conflict') return;
    expectedRevision = outcome.actualRevision;
  }
}
