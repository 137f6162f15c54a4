// A batch with a header key is claimed once: the first BatchAccepted in the stream of its key wins.
import type { Environment } from '../identity/names';
import { UnreadableEventError } from './events';

export const BATCH_ACCEPTED = 'BatchAccepted';

/** Only event of stream `batch-<keyed hash>`. */
export interface BatchAccepted {
  readonly type: typeof BATCH_ACCEPTED;
  readonly v: 1;
  /** HMAC (64 hex) of the batch's canonical body. */
  readonly body: string;
  /** RFC 3339 UTC, 3 fraction digits. */
  readonly acceptedAt: string;
}

/** Text whose HMAC names the batch's stream. */
export function batchClaimText(environment: Environment, key: string): string {
  return `batch-claim\0${environment}\0${key}`;
}

/** Text whose HMAC is stored as the batch's body. */
export function batchBodyText(canonicalBody: string): string {
  return `batch-body\0${canonicalBody}`;
}

/** Stream of a batch: `batch-` + 64 hex of the HMAC of batchClaimText(). */
export function batchStream(claimHmacHex: string): string {
  return `batch-${claimHmacHex}`;
}

export function batchAcceptedText(event: BatchAccepted): string {
  const { v, body, acceptedAt } = event;
  return JSON.stringify({ v, body, acceptedAt });
}

/** Reads a stored BatchAccepted; throws UnreadableEventError for another type or version. */
export function parseBatchAccepted(type: string, data: string): BatchAccepted {
  const stored = JSON.parse(data) as { v?: unknown };
  if (type !== BATCH_ACCEPTED || stored.v !== 1) throw new UnreadableEventError(type, stored.v);
  return { ...(stored as Omit<BatchAccepted, 'type'>), type: BATCH_ACCEPTED };
}
