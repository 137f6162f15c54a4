// Which streams the projections follow, told apart by the start of their names.
import { referenceHexOfStream } from '@deltabook/domain';

/** Streams whose events are kept verbatim, for the directory of tenants and keys. */
const DIRECTORY_PREFIXES = ['tenant-', 'installation'] as const;

/** Prefixes to follow the log with; what lies in other streams does not touch the read models. */
export const PROJECTED_STREAM_PREFIXES: readonly string[] = ['customer-', ...DIRECTORY_PREFIXES];

export type ProjectedStream =
  | { readonly kind: 'customer'; readonly referenceHex: string }
  | { readonly kind: 'directory' }
  | { readonly kind: 'other' };

const DIRECTORY: ProjectedStream = { kind: 'directory' };
const OTHER: ProjectedStream = { kind: 'other' };

/** What a stream is to the projections. */
export function projectedStream(name: string): ProjectedStream {
  const referenceHex = referenceHexOfStream(name);
  if (referenceHex !== undefined) return { kind: 'customer', referenceHex };
  return DIRECTORY_PREFIXES.some((prefix) => name.startsWith(prefix)) ? DIRECTORY : OTHER;
}
