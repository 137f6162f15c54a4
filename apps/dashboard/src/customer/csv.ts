// Activity as CSV (RFC 4180), exact amounts, safe to open in a spreadsheet.
import type { ActivityItem } from '@deltabook/sdk';

const COLUMNS = [
  'sequenceNumber',
  'recordedAt',
  'time',
  'deltaDecimal',
  'computedBalanceDecimal',
  'reason',
  'referenceId',
  'status',
  'recordId',
  'receiptId',
] as const satisfies readonly (keyof ActivityItem)[];

/** Columns that callers fill: their texts must not be taken for formulas. */
const FREE_TEXTS: ReadonlySet<string> = new Set(['reason', 'referenceId']);
const FORMULA_START = /^[=+\-@\t\r]/;

function cellText(item: ActivityItem, column: (typeof COLUMNS)[number]): string {
  const text = String(item[column] ?? '');
  const safe = FREE_TEXTS.has(column) && FORMULA_START.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const CSV_HEAD = `${COLUMNS.join(',')}\r\n`;

export function csvLine(item: ActivityItem): string {
  return `${COLUMNS.map((column) => cellText(item, column)).join(',')}\r\n`;
}
