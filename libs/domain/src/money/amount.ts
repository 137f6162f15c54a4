// Money: exact, bigint nano units inside, decimal text at
// the edges. No floating point is computed on.
import { nanoOfText } from '@deltabook/integrity';

/** 1 unit = 1,000,000,000 nano units: 9 fraction digits. */
export const NANO_PER_UNIT = 1_000_000_000n;
const FRACTION_DIGITS = 9;
const DELTA_NANO_MAX = 1_000_000_000n * NANO_PER_UNIT;
const BALANCE_NANO_MAX = 10n ** 38n;
const NUMBER_SIGNIFICANT_DIGITS_MAX = 15;
const DECIMAL = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;
const NUMBER_TEXT = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:e([+-][0-9]+))?$/;

/** Why a value is no amount. */
export type AmountProblem =
  'not-a-decimal' | 'too-many-fraction-digits' | 'too-large' | 'zero' | 'inexact-number';

export type AmountResult =
  | { readonly ok: true; readonly nano: bigint }
  | { readonly ok: false; readonly problem: AmountProblem };

const refused = (problem: AmountProblem): AmountResult => ({ ok: false, problem });

/**
 * Reads a delta: a decimal string (exact) or a JSON number by its
 * shortest decimal text, which must have at most 15 significant digits.
 * Non-zero, |delta| <= 1,000,000,000, at most 9 fraction digits.
 */
export function parseDelta(value: unknown): AmountResult {
  if (isPlainDelta(value)) return { ok: true, nano: BigInt(value) * NANO_PER_UNIT };
  const parsed = parseDecimal(value);
  if (!parsed.ok) return parsed;
  if (parsed.nano === 0n) return refused('zero');
  const magnitude = parsed.nano < 0n ? -parsed.nano : parsed.nano;
  return magnitude > DELTA_NANO_MAX ? refused('too-large') : parsed;
}

/** True for whole numbers, the usual deltas, that need no parsing. */
function isPlainDelta(value: unknown): value is number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value === 0) return false;
  return value <= 1e9 && value >= -1e9;
}

/**
 * Reads a balance given by a caller (startingBalance,
 * compare): as parseDelta, 0 and up to 38 digits allowed.
 */
export function parseBalance(value: unknown): AmountResult {
  const parsed = parseDecimal(value);
  if (!parsed.ok) return parsed;
  const magnitude = parsed.nano < 0n ? -parsed.nano : parsed.nano;
  return magnitude >= BALANCE_NANO_MAX ? refused('too-large') : parsed;
}

function parseDecimal(value: unknown): AmountResult {
  if (typeof value === 'string') return parseDecimalText(value);
  if (typeof value !== 'number' || !Number.isFinite(value)) return refused('not-a-decimal');
  return parseNumber(value);
}

function parseDecimalText(text: string): AmountResult {
  if (text.length > 64) return refused('too-large');
  const match = DECIMAL.exec(text);
  if (!match) return refused('not-a-decimal');
  return scaled(match[1] === '-', match[2] ?? '', match[3] ?? '', 0);
}

function parseNumber(value: number): AmountResult {
  const text = String(value);
  const short = nanoOfShort(text);
  if (short !== undefined) return { ok: true, nano: short };
  const match = NUMBER_TEXT.exec(text);
  if (!match) return refused('not-a-decimal');
  const whole = match[2] ?? '';
  const fraction = match[3] ?? '';
  const significant = `${whole}${fraction}`.replace(/^0+/, '').replace(/0+$/, '');
  if (significant.length > NUMBER_SIGNIFICANT_DIGITS_MAX) return refused('inexact-number');
  return scaled(match[1] === '-', whole, fraction, Number(match[4] ?? '0'));
}

/** Nano units of the usual text of a number, such as -12.5; the general way gives the same. */
function nanoOfShort(text: string): bigint | undefined {
  const point = text.indexOf('.');
  const zeroCount = FRACTION_DIGITS - (text.length - point - 1);
  if (point < 0 || zeroCount < 0 || text.includes('e')) return undefined;
  if (text.length > NUMBER_SIGNIFICANT_DIGITS_MAX) return undefined;
  return BigInt(text.slice(0, point) + text.slice(point + 1) + '0'.repeat(zeroCount));
}

function scaled(
  negative: boolean,
  whole: string,
  fraction: string,
  exponent: number,
): AmountResult {
  const significantFraction = fraction.replace(/0+$/, '');
  const shift = FRACTION_DIGITS + exponent - significantFraction.length;
  const digits = `${whole}${significantFraction}`;
  if (shift < 0) {
    return /[1-9]/.test(digits) ? refused('too-many-fraction-digits') : { ok: true, nano: 0n };
  }
  if (shift > 400) return refused('too-large');
  const magnitude = BigInt(digits + '0'.repeat(shift));
  return { ok: true, nano: negative ? -magnitude : magnitude };
}

/**
 * Canonical decimal text of nano units: no exponent, no trailing zeros, `-` only before non-zero.
 */
export function formatNano(nano: bigint): string {
  if (nano % NANO_PER_UNIT === 0n) return (nano / NANO_PER_UNIT).toString();
  const negative = nano < 0n;
  const magnitude = negative ? -nano : nano;
  const whole = magnitude / NANO_PER_UNIT;
  const fraction = (magnitude % NANO_PER_UNIT).toString().padStart(FRACTION_DIGITS, '0');
  return `${negative ? '-' : ''}${whole}.${fraction.replace(/0+$/, '')}`;
}

/** Nano units of a canonical decimal that we wrote ourselves; throws on anything else. */
export function nanoOf(decimal: string): bigint {
  const nano = nanoOfText(decimal);
  if (nano === undefined) throw new Error(`stored amount ${JSON.stringify(decimal)} is no decimal`);
  return nano;
}
