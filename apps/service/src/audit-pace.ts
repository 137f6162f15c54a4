// The pace of an audit: after each piece of work it rests as long as its share of a processor says.
import { setTimeout as delay } from 'node:timers/promises';

/** The main thread counts as idle below this. */
const IDLE_LOAD_PERCENT_MAX = 20;
/** Longest rest, so that a change of load is seen. */
const REST_MS_MAX = 2_000;
/** Most of a rest that took too long which is made up for. */
const OVERSLEPT_MS_MAX = 100;
const ALL_PERCENT = 100;

export interface PaceParts {
  /** One Int32: how busy the main thread is, in percent. */
  readonly load: SharedArrayBuffer;
  /** Shares of one processor, in percent. */
  readonly busyPercent: number;
  readonly idlePercent: number;
  readonly signal: AbortSignal;
}

/** What to call after each piece of work; resolves once the next one may begin. */
export function paceOf({ load, busyPercent, idlePercent, signal }: PaceParts): () => Promise<void> {
  const loads = new Int32Array(load);
  let workedSince = performance.now();
  let owedMs = 0;
  return async () => {
    const isIdle = Atomics.load(loads, 0) < IDLE_LOAD_PERCENT_MAX;
    const percent = isIdle ? idlePercent : busyPercent;
    const restedSince = performance.now();
    owedMs += (restedSince - workedSince) * (ALL_PERCENT / percent - 1);
    owedMs = Math.min(REST_MS_MAX, owedMs);
    // Even without a rest, messages get their turn.
    await delay(Math.max(0, owedMs), undefined, { signal }).catch(() => undefined);
    workedSince = performance.now();
    owedMs = Math.max(-OVERSLEPT_MS_MAX, owedMs - (workedSince - restedSince));
  };
}
