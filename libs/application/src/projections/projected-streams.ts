// Which streams the projections follow, told apart by the start of their names.

const CUSTOMER_PREFIX = 'customer-';
/** What was verified, for the rows of the customers that it speaks of. */
const SEALS_PREFIX = 'seals-';
/** Streams whose events are kept verbatim, for the directory of tenants and keys. */
const DIRECTORY_PREFIXES = ['tenant-', 'installation'] as const;

/** Prefixes to follow the log with; what lies in other streams does not touch the read models. */
export const PROJECTED_STREAM_PREFIXES: readonly string[] = [
  CUSTOMER_PREFIX,
  SEALS_PREFIX,
  ...DIRECTORY_PREFIXES,
];

/** What a stream is to the projections. */
export type ProjectedKind = 'customer' | 'seals' | 'directory' | 'other';

export function projectedKind(stream: string): ProjectedKind {
  if (stream.startsWith(CUSTOMER_PREFIX)) return 'customer';
  if (stream.startsWith(SEALS_PREFIX)) return 'seals';
  return DIRECTORY_PREFIXES.some((prefix) => stream.startsWith(prefix)) ? 'directory' : 'other';
}
