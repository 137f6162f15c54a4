// What a query found, or the error of its refusal.
import type { ReadFound, ReadResult } from '@deltabook/application';
import { isCustomerId } from '@deltabook/domain';
import type { ErrorCode } from '@deltabook/contracts';
import { ApiError } from '../api-error';

/** Throws an ApiError for a refused read; the code of each refusal has a row in the table. */
export function foundOf<Value, Code extends ErrorCode>(
  result: ReadResult<Value, Code>,
): ReadFound<Value> {
  if (result.kind === 'found') return result;
  const { code, position } = result;
  const isStale = code === 'POSITION_NOT_REACHED' || code === 'PROJECTION_BUILDING';
  throw new ApiError(code, isStale ? { position: String(position) } : {});
}

/** The customerId of a path; throws INVALID_CUSTOMER_ID. */
export function customerIdOf(text: string): string {
  if (isCustomerId(text)) return text;
  throw new ApiError('INVALID_CUSTOMER_ID', { field: 'customerId' });
}

/** A whole number that a query's rule has let through. */
export function wholeNumberOf(text: string | undefined, fallback: number): number {
  return text === undefined ? fallback : Number(text);
}
