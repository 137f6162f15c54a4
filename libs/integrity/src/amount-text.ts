// Amounts as leaves write them: canonical decimals of at most 9 fraction digits, so that one amount
// has one text. Sums are exact: bigint nano units.

const AMOUNT = /^(-?)(0|[1-9][0-9]{0,37})(?:\.([0-9]{0,8}[1-9]))?$/;
const FRACTION_DIGITS = 9;

/** True for the canonical decimal of an amount. */
export function isAmountText(text: string): boolean {
  return AMOUNT.test(text) && text !== '-0';
}

/** Nano units of a canonical decimal; undefined for any other text, as `-0`, `1.0` or `1e3`. */
export function nanoOfText(text: string): bigint | undefined {
  const match = AMOUNT.exec(text);
  if (!match || text === '-0') return undefined;
  const [, sign, whole, fraction = ''] = match;
  const nano = BigInt(`${whole ?? ''}${fraction.padEnd(FRACTION_DIGITS, '0')}`);
  return sign === '-' ? -nano : nano;
}

/** Canonical decimal of nano units. */
export function textOfNano(nano: bigint): string {
  const sign = nano < 0n ? '-' : '';
  const digits = (nano < 0n ? -nano : nano).toString().padStart(FRACTION_DIGITS + 1, '0');
  const whole = digits.slice(0, -FRACTION_DIGITS);
  const fraction = digits.slice(-FRACTION_DIGITS).replace(/0+$/, '');
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}
