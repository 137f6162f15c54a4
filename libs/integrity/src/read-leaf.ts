// Reads a leaf that somebody else wrote: its members, their forms, and the one text they have.
import { isAmountText } from './amount-text';
import { leafText, type Leaf } from './leaf';
import { countOf, parsed, unreadable, type Parsed } from './parsed';
import { jsonOf } from './read-json';

const REFERENCE = /^0x[0-9a-fA-F]{40}$/;
const HASH = /^0x[0-9a-f]{64}$/;
const DATE = '[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])';
/** A time in UTC with 3 fraction digits, as a part of a pattern; isTimeText() knows the months. */
export const TIME_PATTERN = `${DATE}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z`;
const TIME = new RegExp(`^${TIME_PATTERN}$`);
const DAYS_IN_EVERY_MONTH = 28;

/** True for `0x` + 40 hex; the casing is checked by whoever derived it. */
export function isReferenceText(text: unknown): text is string {
  return typeof text === 'string' && REFERENCE.test(text);
}

/** True for `0x` + 64 lower-case hex. */
export function isHashText(text: unknown): text is string {
  return typeof text === 'string' && HASH.test(text);
}

/** True for an existing time in UTC with 3 fraction digits. */
export function isTimeText(text: unknown): text is string {
  if (typeof text !== 'string' || !TIME.test(text)) return false;
  const day = Number(text.slice(8, 10));
  return day <= DAYS_IN_EVERY_MONTH || day <= daysIn(text.slice(0, 4), text.slice(5, 7));
}

function daysIn(year: string, month: string): number {
  if (month !== '02') return ['04', '06', '09', '11'].includes(month) ? 30 : 31;
  const isLeap = Number(year) % (year.endsWith('00') ? 400 : 4) === 0;
  return isLeap ? 29 : 28;
}

/** A count from 1 to 2^53 - 1. */
export function isOrdinalText(text: unknown): text is string {
  return typeof text === 'string' && (countOf(text) ?? 0) > 0;
}

const isAmount = (text: unknown): boolean => typeof text === 'string' && isAmountText(text);

const MEMBERS: Readonly<Record<keyof Leaf, (value: unknown) => boolean>> = {
  v: (value) => value === 1,
  reference: isReferenceText,
  sequence: isOrdinalText,
  delta: (value) => isAmount(value) && value !== '0',
  balance: isAmount,
  recordedAt: isTimeText,
  occurredAt: (value) => value === '' || isTimeText(value),
  contentHash: isHashText,
  previousProofHash: isHashText,
};
const MEMBER_NAMES = Object.keys(MEMBERS) as (keyof Leaf)[];

/** Name of the first member that is missing or ill-formed, `members` when there are others too. */
export function leafFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'members';
  const members = value as Readonly<Record<string, unknown>>;
  const fault = MEMBER_NAMES.find((name) => !MEMBERS[name](members[name]));
  if (fault) return fault;
  return Object.keys(members).length === MEMBER_NAMES.length ? undefined : 'members';
}

/** Reads the canonical text of a leaf. */
export function parseLeaf(text: string): Parsed<Leaf> {
  const value = jsonOf(text);
  const fault = leafFault(value);
  if (fault) return unreadable(`the leaf's ${fault} is missing or not of its form`);
  const leaf = value as Leaf;
  return leafText(leaf) === text ? parsed(leaf) : unreadable('the leaf is not in canonical form');
}
