// What happened to a customer, as those who follow customers live get it.
import type { Environment } from '@deltabook/domain';
import type { Position } from '../ports/event-store.port';
import type { DeltaView } from '../queries/delta-view';

/** Whose events are followed: one environment of one tenant, or one customer of it. */
export interface LiveScope {
  readonly tenant: string;
  readonly environment: Environment;
  readonly customerId?: string | undefined;
}

interface LiveCustomer {
  /** Of the log; several events may have one. */
  readonly position: Position;
  readonly tenant: string;
  readonly environment: Environment;
  readonly customerId: string;
  readonly reference: string;
}

/** A delta was recorded. */
export interface LiveDelta extends LiveCustomer {
  readonly kind: 'recorded';
  readonly delta: DeltaView;
}

/** The customer's deltas up to a sequence number were verified. */
export interface LiveVerification extends LiveCustomer {
  readonly kind: 'verified';
  readonly verifiedThrough: number;
}

export type LiveEvent = LiveDelta | LiveVerification;

/** One text for each environment of each tenant. */
export function scopeKey(scope: Pick<LiveScope, 'tenant' | 'environment'>): string {
  return `${scope.environment}/${scope.tenant}`;
}
