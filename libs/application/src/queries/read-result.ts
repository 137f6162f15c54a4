// What every query takes and gives: who reads, how fresh rows must be, why a read may be refused.
import type { Environment } from '@deltabook/domain';
import type { Position } from '../ports/event-store.port';

/** Tenant and environment of the caller's key; nothing outside of them is reachable. */
export interface ReadScope {
  readonly tenant: string;
  readonly environment: Environment;
  /** The read sees everything up to here or is refused. */
  readonly minPosition?: Position | undefined;
}

/**
 * - POSITION_NOT_REACHED: minPosition is not projected, and was not within the waiting time.
 * - PROJECTION_BUILDING: the rows are being built from the log and would be incomplete.
 */
export type FreshnessRefusal = 'POSITION_NOT_REACHED' | 'PROJECTION_BUILDING';

/** A read that is refused; `position` is what is projected now. */
export interface ReadRefused<Code extends string = never> {
  readonly kind: 'refused';
  readonly code: FreshnessRefusal | Code;
  readonly position: Position;
}

/** What was found, with every event up to `position` in it. */
export interface ReadFound<Value> {
  readonly kind: 'found';
  readonly position: Position;
  readonly value: Value;
}

export type ReadResult<Value, Code extends string = never> = ReadFound<Value> | ReadRefused<Code>;
