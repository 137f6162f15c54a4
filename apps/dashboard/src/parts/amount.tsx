// Amounts from their exact decimal texts: digits are grouped, none is rounded away.
import type { ReactElement } from 'react';

const GROUPS = /\B(?=(\d{3})+(?!\d))/g;
/** Money is read best with cents. */
const FRACTION_DIGITS_MIN = 2;

/** `-1234.5` → `−1,234.50`; more fraction digits stay as they are. */
export function amountText(decimal: string): string {
  const isNegative = decimal.startsWith('-');
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const digits = `${whole.replace(GROUPS, ',')}.${fraction.padEnd(FRACTION_DIGITS_MIN, '0')}`;
  return isNegative ? `\u2212${digits}` : digits;
}

export function Amount(props: {
  readonly decimal: string;
  /** Shows a plus before what is added. */
  readonly signed?: boolean;
}): ReactElement {
  const isNegative = props.decimal.startsWith('-');
  const sign = props.signed === true && !isNegative ? '+' : '';
  return (
    <span className={isNegative ? 'figure negative' : 'figure'}>
      {sign}
      {amountText(props.decimal)}
    </span>
  );
}

/** A count with its digits grouped. */
export function countText(count: number): string {
  return String(count).replace(GROUPS, ',');
}
