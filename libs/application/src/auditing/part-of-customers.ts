// Which customers a part of an audit is about.

/** Hex digits of a whole reference. */
const REFERENCE_DIGITS = 40;
/** Customers who are looked for by name; with more everyone's events are read. */
const NAMED_MAX = 50;

export interface PartOfCustomers {
  /** Hex digits, lower-case, that the references of the part begin with. */
  readonly prefix: string;
  /** If given, no others than these are looked at. */
  readonly only?: ReadonlySet<string>;
}

export function isInPart({ prefix, only }: PartOfCustomers, referenceHex: string): boolean {
  return referenceHex.startsWith(prefix) && (only?.has(referenceHex) ?? true);
}

/** Whole references, where few are looked at. */
export function namedOnes({ prefix, only }: PartOfCustomers): readonly string[] | undefined {
  if (prefix.length === REFERENCE_DIGITS) return [prefix];
  return only && only.size <= NAMED_MAX ? [...only] : undefined;
}
