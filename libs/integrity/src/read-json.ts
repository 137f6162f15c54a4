// JSON that somebody else wrote: its value and its canonical text, undefined where there is none.
import { canonicalJson, isCanonicalText, type Json } from './canonical-json';

/** Value of a JSON text; undefined when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Canonical text (RFC 8785) of a JSON object; undefined for what is no object or has no text. */
export function canonicalObjectText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  try {
    return canonicalJson(value as Json);
  } catch {
    return undefined;
  }
}

/** True for the canonical text of a JSON object. */
export function isCanonicalObject(text: string): boolean {
  const value = jsonOf(text);
  return text.startsWith('{') && value !== undefined && isCanonicalText(text, value as Json);
}

/** Members of a JSON object; none of anything else. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
