// Names that callers and operators choose, and what they may look like.

const CUSTOMER_ID = /^[A-Za-z0-9._:-]{1,128}$/;
const NAME = /^[a-z0-9.-]{1,63}$/;
const RESERVED_CUSTOMER_IDS = new Set(['.', '..', 'summary']);

/** The environments of a tenant; one customer's stream never mixes them. */
export const ENVIRONMENTS = ['sandbox', 'production'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** A customerId: `[A-Za-z0-9._:-]{1,128}`, case-sensitive, not `.`, `..` or `summary`. */
export function isCustomerId(value: string): boolean {
  return CUSTOMER_ID.test(value) && !RESERVED_CUSTOMER_IDS.has(value);
}

/** A tenant id or installation name: `[a-z0-9.-]{1,63}`. */
export function isName(value: string): boolean {
  return NAME.test(value);
}
