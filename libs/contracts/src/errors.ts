// The one table of errors: replies, the docs page, the OpenAPI, CLI exit codes and SDK types come
// from it.
import { ACCESS_ERRORS } from './errors/access-errors';
import type { ErrorEntry } from './errors/error-entry';
import { LEDGER_ERRORS } from './errors/ledger-errors';
import { REQUEST_ERRORS } from './errors/request-errors';
import { SERVICE_ERRORS } from './errors/service-errors';

export const ERRORS = {
  ...REQUEST_ERRORS,
  ...LEDGER_ERRORS,
  ...ACCESS_ERRORS,
  ...SERVICE_ERRORS,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** The row of a code, typed alike for all of them. */
export function errorEntry(code: ErrorCode): ErrorEntry {
  return ERRORS[code];
}

/** What every failed request gets beside `success: false` and `statusCode`. */
export interface ErrorDetail {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
  readonly requestId: string;
  /** The field that was wrong, such as `deltas/3/reason`. */
  readonly field?: string;
  /** What was wrong with it. */
  readonly reason?: string;
  readonly retryAfterSeconds?: number;
  /** The position that is projected now, where a read was refused for its minPosition. */
  readonly position?: string;
  /** Scope that is missing, of FORBIDDEN. */
  readonly scope?: string;
}
