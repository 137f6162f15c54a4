// Errors of others in the words of the table.
import { HistoryMismatchError } from '@deltabook/application';
import type { ErrorCode } from '@deltabook/contracts';
import { ApiError } from '../api-error';

const CODE_OF_OTHERS = new Map<string, ErrorCode>([
  ['FST_ERR_BAD_URL', 'INVALID_URL'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'UNSUPPORTED_MEDIA_TYPE'],
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'BODY_TOO_LARGE'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'REQUEST_INCOMPLETE'],
  ['ECONNRESET', 'REQUEST_INCOMPLETE'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'REQUEST_TIMEOUT'],
  ['HPE_HEADER_OVERFLOW', 'HEADERS_TOO_LARGE'],
  ['READS_OVERLOADED', 'TOO_MANY_REQUESTS'],
  ['PROJECTION_BUILDING', 'PROJECTION_BUILDING'],
]);

/** The error to answer with; what nobody expected is INTERNAL and says nothing about itself. */
export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof HistoryMismatchError) {
    return new ApiError('HISTORY_MISMATCH', { reason: error.where });
  }
  const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return new ApiError(CODE_OF_OTHERS.get(String(code)) ?? 'INTERNAL');
}
