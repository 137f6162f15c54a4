// Scopes in time: a UTC month, or dates with an exclusive end. They go by the time of recording,
// since that never steps back: what a scope holds of a customer is one run of its deltas.
import { timeText } from './decide';
import { parseTime } from './time';

const PERIOD = /^\d{4}-(?:0[1-9]|1[0-2])$/;
const PERIOD_LENGTH = 'YYYY-MM'.length;
const FIRST_PERIOD = '0000-01';
const LAST_PERIOD = '9999-12';

/** Words for a scope that is not named by its dates alone. */
export const TIME_PRESETS = ['current_month', 'custom'] as const;
export type TimePreset = (typeof TIME_PRESETS)[number];

/** Milliseconds since the epoch; the end is exclusive. Undefined where it has no bound. */
export interface TimeScope {
  /** YYYY-MM where the scope is exactly a UTC month. */
  readonly period: string | undefined;
  readonly fromMs: number | undefined;
  readonly beforeMs: number | undefined;
}

/** A UTC month. */
export interface Period extends TimeScope {
  readonly period: string;
  readonly fromMs: number;
  readonly beforeMs: number;
}

/** A scope as callers name it. */
export interface ScopeRequest {
  readonly period?: string | null | undefined;
  readonly timePreset?: TimePreset | null | undefined;
  /** RFC 3339 date or date-time. */
  readonly startDate?: string | null | undefined;
  readonly endDate?: string | null | undefined;
}

/** Why a request names no scope; `reason` ends a sentence that begins with the field. */
export type ScopeProblem =
  | { readonly code: 'INVALID_SCOPE_COMBINATION'; readonly reason: string }
  | {
      readonly code: 'VALIDATION_FAILED';
      readonly field: 'period' | 'startDate' | 'endDate';
      readonly reason: string;
    };

/** The scope, undefined where none was named. */
export type ScopeResult =
  | { readonly ok: true; readonly scope: TimeScope | undefined }
  | { readonly ok: false; readonly problem: ScopeProblem };

/** The month that `YYYY-MM` names; undefined when it names none. */
export function parsePeriod(text: string): Period | undefined {
  if (!PERIOD.test(text)) return undefined;
  const fromMs = parseTime(`${text}-01`);
  if (fromMs === undefined) return undefined;
  const end = new Date(fromMs);
  end.setUTCMonth(end.getUTCMonth() + 1);
  return { period: text, fromMs, beforeMs: end.getTime() };
}

/** `YYYY-MM` of a moment, in UTC. */
export function periodOf(ms: number): string {
  return timeText(ms).slice(0, PERIOD_LENGTH);
}

/** First and last month (YYYY-MM) that a scope touches; all that have four digits without one. */
export function monthsOf(scope: TimeScope | undefined): {
  readonly first: string;
  readonly last: string;
} {
  const { fromMs, beforeMs } = scope ?? { fromMs: undefined, beforeMs: undefined };
  return {
    first: fromMs === undefined ? FIRST_PERIOD : periodOf(fromMs),
    last: beforeMs === undefined ? LAST_PERIOD : periodOf(beforeMs - 1),
  };
}

/**
 * Reads what a caller names: a period, or timePreset current_month, or dates with or without
 * timePreset custom, one of the three. Dates may leave either end open.
 *
 * @param now milliseconds since the epoch, which says what the current month is
 */
export function readScope(request: ScopeRequest, now: number): ScopeResult {
  const named = withoutNulls(request);
  const { period, timePreset } = named;
  const dates = datesOf(named);
  if (period !== undefined) {
    return timePreset || dates ? mixed('period stands alone') : readPeriod(period);
  }
  if (timePreset === 'current_month') {
    return dates ? mixed('timePreset current_month takes no dates') : readPeriod(periodOf(now));
  }
  if (dates) return readDates(dates);
  if (timePreset === 'custom') return mixed('timePreset custom needs startDate or endDate');
  return { ok: true, scope: undefined };
}

function datesOf({ startDate, endDate }: Named): Dates | undefined {
  return startDate === undefined && endDate === undefined ? undefined : { startDate, endDate };
}

type Dates = Pick<Named, 'startDate' | 'endDate'>;

function readPeriod(text: string): ScopeResult {
  const scope = parsePeriod(text);
  return scope ? { ok: true, scope } : wrong('period', 'must be a month such as 2026-04');
}

function readDates({ startDate, endDate }: Dates): ScopeResult {
  const from = readDate(startDate);
  const before = readDate(endDate);
  const noTime = 'names a day or a year that does not exist';
  if (!from) return wrong('startDate', noTime);
  if (!before) return wrong('endDate', noTime);
  const [fromMs, beforeMs] = [from.ms, before.ms];
  if (fromMs !== undefined && beforeMs !== undefined && beforeMs <= fromMs) {
    return wrong('endDate', 'must lie after startDate: the end is exclusive');
  }
  return { ok: true, scope: { period: monthOf(fromMs, beforeMs), fromMs, beforeMs } };
}

/** Undefined when the text is no time. */
function readDate(text: string | undefined): { readonly ms: number | undefined } | undefined {
  const ms = text === undefined ? undefined : parseTime(text);
  return text !== undefined && ms === undefined ? undefined : { ms };
}

/** The month that the dates are exactly, if they are one. */
function monthOf(fromMs: number | undefined, beforeMs: number | undefined): string | undefined {
  if (fromMs === undefined || beforeMs === undefined) return undefined;
  const month = parsePeriod(periodOf(fromMs));
  return month?.fromMs === fromMs && month.beforeMs === beforeMs ? month.period : undefined;
}

interface Named {
  readonly period: string | undefined;
  readonly timePreset: TimePreset | undefined;
  readonly startDate: string | undefined;
  readonly endDate: string | undefined;
}

function withoutNulls({ period, timePreset, startDate, endDate }: ScopeRequest): Named {
  return {
    period: period ?? undefined,
    timePreset: timePreset ?? undefined,
    startDate: startDate ?? undefined,
    endDate: endDate ?? undefined,
  };
}

function mixed(reason: string): ScopeResult {
  return { ok: false, problem: { code: 'INVALID_SCOPE_COMBINATION', reason } };
}

function wrong(field: 'period' | 'startDate' | 'endDate', reason: string): ScopeResult {
  return { ok: false, problem: { code: 'VALIDATION_FAILED', field, reason } };
}
