// What a call can reject with: one class a kind of failure, `code` as the server's table has it, or
// one of the local codes below when the request never got an answer that could be used.
import type { ErrorCode } from '@deltabook/contracts';

/** Codes that this package makes itself; none of them is the server's. */
export type LocalErrorCode =
  | 'MISSING_API_KEY'
  | 'INVALID_URL'
  | 'INVALID_ARGUMENT'
  | 'NETWORK_ERROR'
  | 'TIMEOUT'
  | 'UNEXPECTED_REPLY'
  | 'API_ERROR';

/**
 * A code of the server's table, a local one, or one of a server that is newer than this package.
 */
export type PacSpaceErrorCode = ErrorCode | LocalErrorCode | (string & {});

/** What is known of a failure beside its message. */
export interface FailureFacts {
  readonly code: PacSpaceErrorCode;
  /** HTTP status; 0 when there was no answer. */
  readonly statusCode: number;
  /** Path of the request, without the query; empty when none was made. */
  readonly requestPath: string;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Every further member of the server's error, e.g. `field`, `customerId`. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Base of everything that a call rejects with, save the reason of an aborted signal. */
export class PacSpaceError extends Error {
  override readonly name: string = 'PacSpaceError';
  readonly code: PacSpaceErrorCode;
  readonly statusCode: number;
  readonly requestPath: string;
  readonly retryAfterMs: number | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, facts: FailureFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.statusCode = facts.statusCode;
    this.requestPath = facts.requestPath;
    this.retryAfterMs = facts.retryAfterMs;
    this.details = facts.details ?? {};
  }
}

/** The request was refused for its form; nothing happened. */
export class ValidationError extends PacSpaceError {
  override readonly name = 'ValidationError';
}

/** The key is missing, unknown or revoked. */
export class InvalidApiKeyError extends PacSpaceError {
  override readonly name = 'InvalidApiKeyError';
}

/** The key is not allowed to do this. */
export class ForbiddenError extends PacSpaceError {
  override readonly name = 'ForbiddenError';
}

export class NotFoundError extends PacSpaceError {
  override readonly name = 'NotFoundError';
}

/** The request contradicts what is there: a key with another body, a fenced customer. */
export class ConflictError extends PacSpaceError {
  override readonly name = 'ConflictError';
}

/** More than the server takes now; `retryAfterMs` says when to come back. */
export class RateLimitError extends PacSpaceError {
  override readonly name: string = 'RateLimitError';
}

/** This customer's cadence is used up. Never retried. */
export class CadenceLimitError extends RateLimitError {
  override readonly name = 'CadenceLimitError';
}

export class ServiceUnavailableError extends PacSpaceError {
  override readonly name = 'ServiceUnavailableError';
}

/** No answer in time. A write may have happened: call again with its idempotency key to learn. */
export class TimeoutError extends PacSpaceError {
  override readonly name = 'TimeoutError';
}

/** No answer at all. A write may have happened: call again with its idempotency key to learn. */
export class NetworkError extends PacSpaceError {
  override readonly name = 'NetworkError';
}

/** An answer that is not one of a Deltabook service. */
export class UnexpectedReplyError extends PacSpaceError {
  override readonly name = 'UnexpectedReplyError';
}

/** An argument that no server can take, found before sending. */
export function invalidArgument(message: string): ValidationError {
  return new ValidationError(message, {
    code: 'INVALID_ARGUMENT',
    statusCode: 0,
    requestPath: '',
  });
}

type ErrorClass = new (message: string, facts: FailureFacts) => PacSpaceError;

const CLASS_OF_STATUS: Readonly<Record<number, ErrorClass>> = {
  400: ValidationError,
  401: InvalidApiKeyError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  413: ValidationError,
  422: ValidationError,
  429: RateLimitError,
  503: ServiceUnavailableError,
};

/** The error for an answer with this status and code. */
export function errorOfAnswer(message: string, facts: FailureFacts): PacSpaceError {
  if (facts.code === 'CADENCE_LIMIT') return new CadenceLimitError(message, facts);
  const ErrorOfStatus = CLASS_OF_STATUS[facts.statusCode] ?? PacSpaceError;
  return new ErrorOfStatus(message, facts);
}
