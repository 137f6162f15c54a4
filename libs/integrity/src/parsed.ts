/** Outcome of reading a text that somebody else wrote: its value, or what is wrong with it. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });

export const unreadable = (problem: string): { readonly ok: false; readonly problem: string } => ({
  ok: false,
  problem,
});

const COUNT = /^(?:0|[1-9][0-9]{0,15})$/;

/** A count or index from its decimal text: no sign, no leading zero, at most 2^53 - 1. */
export function countOf(text: string): number | undefined {
  if (!COUNT.test(text)) return undefined;
  const count = Number(text);
  return Number.isSafeInteger(count) ? count : undefined;
}
