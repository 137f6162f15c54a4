// From a violation of a form to the error that names it.
import { parseDelta, type AmountProblem, type ScopeProblem } from '@deltabook/domain';
import type { DeltaProblem } from '@deltabook/application';
import { ApiError } from '../api-error';
import type { Violation } from './validator';

const AMOUNT_REASONS = {
  'not-a-decimal': 'must be a number or a decimal string such as "-12.5"',
  'too-many-fraction-digits': 'has more than 9 fraction digits',
  'too-large': 'is beyond 1000000000 either way',
  zero: 'must not be 0',
  'inexact-number': 'has more than 15 significant digits: send it as a decimal string',
} as const satisfies Record<AmountProblem, string>;

export function amountError(field: string, problem: AmountProblem): ApiError {
  return new ApiError('INVALID_AMOUNT', { field, reason: AMOUNT_REASONS[problem] });
}

/** The error of a balance, which may be 0 and larger than a delta. */
export function balanceError(field: string, problem: AmountProblem): ApiError {
  if (problem !== 'too-large') return amountError(field, problem);
  const reason = 'has more than 29 digits before the point';
  return new ApiError('INVALID_AMOUNT', { field, reason });
}

/** The error of a body with a customerId that violates its form. */
export function customerFormError(violation: Violation): ApiError {
  const { field, reason, keyword } = violation;
  const isMissing = keyword === 'required' || keyword === 'type';
  if (field !== 'customerId' || isMissing) return formError(violation);
  return new ApiError('INVALID_CUSTOMER_ID', { field, reason });
}

/** The error of a delta's body that violates its form. */
export function deltaFormError(violation: Violation, body: unknown): ApiError {
  const { field, reason, keyword } = violation;
  if (keyword === 'required' || keyword === 'type') return formError(violation);
  if (field === 'customerId') return new ApiError('INVALID_CUSTOMER_ID', { field, reason });
  if (field !== 'delta') return formError(violation);
  const parsed = parseDelta((body as { readonly delta?: unknown }).delta);
  return amountError(field, parsed.ok ? 'too-large' : parsed.problem);
}

export function deltaProblemError(problem: DeltaProblem): ApiError {
  if (problem.kind === 'amount') return amountError('delta', problem.problem);
  return new ApiError('VALIDATION_FAILED', {
    field: 'occurredAt',
    reason: 'names a day or a year that does not exist',
  });
}

export function scopeProblemError({ code, ...parts }: ScopeProblem): ApiError {
  return new ApiError(code, parts);
}

export function formError({ field, reason }: Violation): ApiError {
  return new ApiError('VALIDATION_FAILED', { field: field === '' ? 'body' : field, reason });
}
