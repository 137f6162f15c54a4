// Amounts as leaves write them: canonical decimals of at most 9 fraction digits, so that one amount
// has one text. Sums are exact: bigint nano units.

/** Canonical decimal of an amount, as a part of a pattern; there is no `-0`. */
export const AMOUNT_PATTERN = '(?!-0(?!\\.))-?(?:0|[1-9][0-9]{0,37})(?:\\.[0-9]{0,8}[1-9])?';
const AMOUNT = new RegExp(`^${AMOUNT_PATTERN}$`);
const FRACTION_DIGITS = 9;
const FRACTION_ZEROS = '0'.repeat(FRACTION_DIGITS);

/** True for the canonical decimal of an amount. */
export function isAmountText(text: string): boolean {
  return AMOUNT.test(text);
}

/** Nano units of a canonical decimal; undefined for any other text, as `-0`, `1.0` or `1e3`. */
export function nanoOfText(text: string): bigint | undefined {
  if (!isAmountText(text)) return undefined;
  const point = text.indexOf('.');
  if (point < 0) return BigInt(`${text}${FRACTION_ZEROS}`);
  const fraction = text.slice(point + 1);
  return BigInt(`${text.slice(0, point)}${fraction}${FRACTION_ZEROS.slice(fraction.length)}`);
}

/** Canonical decimal of nano units. */
export function textOfNano(nano: bigint): string {
  const sign = nano < 0n ? '-' : '';
  const digits = (nano < 0n ? -nano : nano).toString().padStart(FRACTION_DIGITS + 1, '0');
  const whole = digits.slice(0, -FRACTION_DIGITS);
  const fraction = digits.slice(-FRACTION_DIGITS).replace(/0+$/, '');
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}
