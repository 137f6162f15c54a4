// Which failures are worth another attempt, and after how long. Repeating is safe: reads change
// nothing, and every write carries an idempotency key.
import { CadenceLimitError, NetworkError, TimeoutError, type PacSpaceError } from './errors';

const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const FIRST_DELAY_MS = 500;
const JITTER_MAX = 0.25;

export interface RetryPolicy {
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** Longest pause; a server that asks for more is not asked again, the caller is told. */
  readonly retryDelayMsMax: number;
}

/**
 * Milliseconds to wait before attempt `retry` + 1 (0 = the first retry), or undefined to give up.
 * Doubles from 500 ms, plus up to a quarter of it by `fraction` (0 to 1), so that clients spread.
 */
export function retryDelayMs(
  error: PacSpaceError,
  retry: number,
  fraction: number,
  policy: RetryPolicy,
): number | undefined {
  if (retry >= policy.maxRetries || !isRetried(error)) return undefined;
  const asked = error.retryAfterMs ?? 0;
  if (asked > policy.retryDelayMsMax) return undefined;
  const backOff = Math.min(FIRST_DELAY_MS * 2 ** retry, policy.retryDelayMsMax);
  const delayMs = asked > 0 ? asked : backOff;
  return Math.min(delayMs * (1 + JITTER_MAX * fraction), policy.retryDelayMsMax);
}

function isRetried(error: PacSpaceError): boolean {
  if (error instanceof CadenceLimitError) return false;
  if (error instanceof NetworkError || error instanceof TimeoutError) return true;
  return RETRIED_STATUSES.has(error.statusCode);
}
