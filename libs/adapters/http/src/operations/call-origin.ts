// Where a call came from, as commands and queries take it.
import type { Origin, Position, ReadScope } from '@deltabook/application';
import type { ReadQuery } from '@deltabook/contracts';
import { readScope, type ScopeRequest, type TimeScope } from '@deltabook/domain';
import type { Call } from '../operation';
import { scopeProblemError } from '../validation/request-error';

export function originOf(call: Call, door: Origin['door']): Origin {
  const { principal, correlationId, now } = call;
  const { tenant, environment, keyId: actor } = principal;
  return { tenant, environment, door, actor, correlationId, now };
}

export function scopeOf({ principal, query }: Call<unknown, ReadQuery>): ReadScope {
  const { tenant, environment } = principal;
  const minPosition: Position | undefined =
    query.minPosition === undefined ? undefined : BigInt(query.minPosition);
  return { tenant, environment, minPosition };
}

/** The scope in time that a query or body names, if it names one; throws what is wrong. */
export function timeScopeOf(
  { period, timePreset, startDate, endDate }: ScopeRequest,
  now: number,
): TimeScope | undefined {
  const read = readScope({ period, timePreset, startDate, endDate }, now);
  if (read.ok) return read.scope;
  throw scopeProblemError(read.problem);
}
