// Which deltas an activity page shows.
import type { DeltaStatus, DeltaView } from '../delta-view';

/** Every given part must match. */
export interface ActivityFilter {
  readonly status?: DeltaStatus | undefined;
  /** Literal, case-sensitive substring of the reason. */
  readonly reason?: string | undefined;
  readonly referenceId?: string | undefined;
  /** Milliseconds since the epoch; bounds of the delta's time, `before` exclusive. */
  readonly fromMs?: number | undefined;
  readonly beforeMs?: number | undefined;
}

export function matchesFilter(filter: ActivityFilter, delta: DeltaView): boolean {
  const { status, reason, referenceId } = filter;
  return (
    (status === undefined || delta.status === status) &&
    (reason === undefined || delta.reason.includes(reason)) &&
    (referenceId === undefined || delta.referenceId === referenceId) &&
    isWithin(filter, Date.parse(delta.time))
  );
}

function isWithin({ fromMs, beforeMs }: ActivityFilter, timeMs: number): boolean {
  return (
    (fromMs === undefined || timeMs >= fromMs) && (beforeMs === undefined || timeMs < beforeMs)
  );
}
