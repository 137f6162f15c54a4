// Scopes in time for derive, receipt and compare: UTC months, counted back from today.
import { invalidArgument } from './errors';

/** A scope as the service takes it: a month, or dates with an exclusive end. */
export type Scope =
  | { readonly period: string }
  | { readonly timePreset: 'current_month' }
  | { readonly timePreset: 'custom'; readonly startDate: string; readonly endDate: string };

const PERIOD = /^\d{4}-(0[1-9]|1[0-2])$/;

export function scopeOfPeriod(period: string): Scope {
  if (!PERIOD.test(period)) throw invalidArgument('period must be a month such as 2026-04');
  return { period };
}

/** First moment and first moment after, as proofs have them; '' leaves a side open. */
export interface ScopeBounds {
  readonly from: string;
  readonly to: string;
}

/** Bounds of a scope as it was asked for; undefined where today decides them. */
export function boundsOfScope(asked: {
  readonly period?: string | number | undefined;
  readonly timePreset?: string | undefined;
  readonly startDate?: string | number | undefined;
  readonly endDate?: string | number | undefined;
}): ScopeBounds | undefined {
  const { period, timePreset, startDate, endDate } = asked;
  if (period !== undefined) return boundsOfMonth(String(period));
  if (timePreset === 'current_month') return undefined;
  return { from: momentOf(startDate), to: momentOf(endDate) };
}

function boundsOfMonth(period: string): ScopeBounds {
  const [year = 0, month = 0] = period.split('-').map(Number);
  const momentOfMonth = (at: number): string => new Date(Date.UTC(year, at, 1)).toISOString();
  return { from: momentOfMonth(month - 1), to: momentOfMonth(month) };
}

/** A date or date-time of RFC 3339 in UTC, milliseconds. */
function momentOf(time: string | number | undefined): string {
  return time === undefined ? '' : new Date(time).toISOString();
}

/** The last `months` UTC months up to and with that of `today`. */
export function scopeOfMonthsBack(months: number, today: Date): Scope {
  refuseUnlessCount('months', months);
  const year = today.getUTCFullYear();
  const month = today.getUTCMonth();
  return custom(Date.UTC(year, month + 1 - months, 1), Date.UTC(year, month + 1, 1));
}

/** The last `days` UTC days up to and with `today`. */
export function scopeOfDaysBack(days: number, today: Date): Scope {
  refuseUnlessCount('days', days);
  const year = today.getUTCFullYear();
  const month = today.getUTCMonth();
  const day = today.getUTCDate();
  return custom(Date.UTC(year, month, day + 1 - days), Date.UTC(year, month, day + 1));
}

function custom(startMs: number, endMs: number): Scope {
  return { timePreset: 'custom', startDate: timeOf(startMs), endDate: timeOf(endMs) };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

function refuseUnlessCount(name: string, value: number): void {
  const isCount = Number.isInteger(value) && value >= 1 && value <= 100_000;
  if (!isCount) throw invalidArgument(`${name} must be a whole number from 1`);
}
