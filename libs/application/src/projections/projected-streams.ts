// Which streams the projections follow, told apart by the start of their names.

const CUSTOMER_PREFIX = 'customer-';
/** Streams whose events are kept verbatim, for the directory of tenants and keys. */
const DIRECTORY_PREFIXES = ['tenant-', 'installation'] as const;

/** Prefixes to follow the log with; what lies in other streams does not touch the read models. */
export const PROJECTED_STREAM_PREFIXES: readonly string[] = [
  CUSTOMER_PREFIX,
  ...DIRECTORY_PREFIXES,
];

/** What a stream is to the projections. */
export type ProjectedKind = 'customer' | 'directory' | 'other';

export function projectedKind(stream: string): ProjectedKind {
  if (stream.startsWith(CUSTOMER_PREFIX)) return 'customer';
  return DIRECTORY_PREFIXES.some((prefix) => stream.startsWith(prefix)) ? 'directory' : 'other';
}
