// Waits until a delta has reached its end: VERIFIED or FAILED.
import type { DeltaStatusName } from '@deltabook/contracts';
import { pause, startDeadline } from './deadline';
import { TimeoutError } from './errors';

export interface WaitOptions {
  /** Milliseconds to wait in all; 60,000 when not given. */
  readonly timeout?: number;
  /** Milliseconds between two looks; 500 when not given. */
  readonly pollInterval?: number;
  readonly signal?: AbortSignal;
}

const WAIT_MS = 60_000;
const POLL_INTERVAL_MS = 500;

const ENDS: ReadonlySet<DeltaStatusName> = new Set(['VERIFIED', 'FAILED']);

export function hasEnded(delta: { readonly status: DeltaStatusName }): boolean {
  return ENDS.has(delta.status);
}

/**
 * Looks with `read` until the delta has ended. Rejects with TimeoutError after the wait, which
 * leaves the delta as recorded as it was: look again later with deltaStatus.
 */
export async function waitUntilEnded<Delta extends { readonly status: DeltaStatusName }>(
  recordId: string,
  read: (signal: AbortSignal) => Promise<Delta>,
  options: WaitOptions,
): Promise<Delta> {
  const waitMs = options.timeout ?? WAIT_MS;
  const deadline = startDeadline(waitMs, options.signal);
  try {
    for (;;) {
      const delta = await read(deadline.signal);
      if (hasEnded(delta)) return delta;
      await pause(options.pollInterval ?? POLL_INTERVAL_MS, deadline.signal);
    }
  } catch (error) {
    if (!deadline.isOver()) throw error;
    throw new TimeoutError(`Delta ${recordId} is recorded, and not verified after ${waitMs} ms.`, {
      code: 'TIMEOUT',
      statusCode: 0,
      requestPath: '',
      details: { recordId },
    });
  } finally {
    deadline.release();
  }
}
