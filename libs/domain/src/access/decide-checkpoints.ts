// What becomes of a request for checkpoints of all customers, and when it is done: pure functions
// of the tenant's state.
import type { Environment } from '../identity/names';
import { timeText } from '../ledger/decide';
import type { Period } from '../ledger/period';
import { changed, refused, type TenantDecision } from './decide-tenant';
import type { CheckpointsRequest, Tenant } from './tenant';
import {
  CHECKPOINTS_COMPLETED,
  CHECKPOINTS_REQUESTED,
  type CheckpointsCompleted,
} from './tenant-events';

export interface RequestCheckpoints {
  readonly environment: Environment;
  readonly period: Period;
  /** Deltas of all customers of the environment that are recorded by now. */
  readonly recordedDeltas: number;
  /** Milliseconds since the epoch, stamped at the door. */
  readonly now: number;
}

/** What came of a request, once every customer was seen. */
export interface CompleteCheckpoints extends Omit<
  CheckpointsCompleted,
  'type' | 'v' | 'completedAt'
> {
  readonly now: number;
}

/**
 * Asks for checkpoints of a period for all customers. One that runs is joined, and one that has
 * left nothing out stays the answer while nothing can have been added.
 */
export function decideRequestCheckpoints(
  command: RequestCheckpoints,
  tenant: Tenant,
): TenantDecision {
  if (tenant.status === 'absent') return refused('TENANT_NOT_FOUND');
  const { environment, period, recordedDeltas, now } = command;
  if (period.fromMs > now) return refused('PERIOD_IN_FUTURE');
  const latest = latestRequest(tenant, environment, period.period);
  if (latest && stillAnswers(latest, command)) return { kind: 'unchanged' };
  return changed({
    type: CHECKPOINTS_REQUESTED,
    v: 1,
    environment,
    period: period.period,
    recordedDeltas,
    requestedAt: timeText(now),
  });
}

/** Notes that a request is done; one that is done already stays as it is. */
export function decideCompleteCheckpoints(
  command: CompleteCheckpoints,
  tenant: Tenant,
): TenantDecision {
  const request = tenant.status === 'open' && tenant.checkpoints.get(command.request);
  if (!request || request.completed) return { kind: 'unchanged' };
  const { now, ...counts } = command;
  return changed({ ...counts, type: CHECKPOINTS_COMPLETED, v: 1, completedAt: timeText(now) });
}

/** The newest request for a period, if there was one. */
export function latestRequest(
  tenant: Tenant,
  environment: Environment,
  period: string,
): CheckpointsRequest | undefined {
  if (tenant.status === 'absent') return undefined;
  return [...tenant.checkpoints.values()].findLast(
    ({ requested }) => requested.environment === environment && requested.period === period,
  );
}

function stillAnswers(
  { requested, completed }: CheckpointsRequest,
  { period, recordedDeltas }: RequestCheckpoints,
): boolean {
  if (!completed) return true;
  if (completed.fenced > 0) return false;
  const hadEnded = Date.parse(requested.requestedAt) >= period.beforeMs;
  return hadEnded || requested.recordedDeltas === recordedDeltas;
}
