// Which failures of a call do not go away by themselves; all others may, when a node is back or
// another one has become the leader.
import { convertToCommandError, ErrorType, isCommandError } from '@eventstore/db-client';
import { ClientClosedError } from './ledger-client';

const LASTING: ReadonlySet<string> = new Set([
  ErrorType.ACCESS_DENIED,
  ErrorType.STREAM_DELETED,
  ErrorType.INVALID_ARGUMENT,
  ErrorType.UNSUPPORTED,
]);

export interface CallFailure {
  readonly lasting: boolean;
  /** The client's word for it, such as `unavailable`, or `other`. */
  readonly type: string;
  readonly message: string;
}

export function callFailureOf(thrown: unknown): CallFailure {
  const error = thrown instanceof Error ? convertToCommandError(thrown) : new Error(String(thrown));
  const type = isCommandError(error) ? error.type : 'other';
  const lasting = LASTING.has(type) || error instanceof ClientClosedError;
  return { lasting, type, message: error.message };
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
