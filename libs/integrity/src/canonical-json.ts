// Canonical JSON after RFC 8785: the same value has one text, so that a hash of it means the value.
import { isWellFormed } from './bytes';

/** A value that JSON can hold. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Returns the RFC 8785 text of `value`: members sorted by UTF-16 code units, no white
 * space, numbers and strings as ECMAScript prints them. Members that are undefined are
 * left out. Throws RangeError on a number that is not finite and on a lone surrogate:
 * neither has such a text.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  const object = value as { readonly [key: string]: Json | undefined };
  const members: string[] = [];
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member !== undefined) members.push(`${canonicalString(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** True for the RFC 8785 text of `value`, which was read from `text`. Never throws. */
export function isCanonicalText(text: string, value: Json): boolean {
  try {
    // Of members in order, and without the escapes that half a surrogate pair needs, JSON.stringify
    // writes the canonical text, in a third of the time.
    const isPlain = !text.includes('\\u') && isInOrder(value);
    return (isPlain ? JSON.stringify(value) : canonicalJson(value)) === text;
  } catch {
    // No such text, or nested so deep that none can be written.
    return false;
  }
}

function isInOrder(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  const object = value as { readonly [key: string]: Json };
  let before = '';
  for (const [key, member] of Object.entries(object)) {
    if (key < before || !isInOrder(member)) return false;
    before = key;
  }
  return true;
}

function canonicalString(text: string): string {
  if (!isWellFormed(text)) throw new RangeError('canonical JSON has no lone surrogates');
  return JSON.stringify(text);
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('canonical JSON has no NaN and no Infinity');
  return JSON.stringify(value);
}
