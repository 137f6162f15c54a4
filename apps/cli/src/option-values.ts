// Values of options that are checked before anything is sent.
import { InvalidArgumentError } from 'commander';

/** Reads a whole number from 1 to `max`. */
export function countUpTo(max: number): (text: string) => number {
  return (text) => {
    const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (count < 1 || count > max) {
      throw new InvalidArgumentError(`Give a whole number from 1 to ${max}.`);
    }
    return count;
  };
}

/** Gathers the values of an option that may be given again and again. */
export const repeated = (value: string, before: readonly string[]): readonly string[] => [
  ...before,
  value,
];

/** Reads a JSON object. */
export function jsonObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below, as for any other value.
  }
  throw new InvalidArgumentError('Give a JSON object, such as \'{"invoice":"2026-04"}\'.');
}
