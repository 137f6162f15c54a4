// Where a call came from, as commands and queries take it.
import type { Origin, Position, ReadScope } from '@deltabook/application';
import type { ReadQuery } from '@deltabook/contracts';
import type { Call } from '../operation';

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
