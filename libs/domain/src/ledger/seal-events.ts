// Events of a seal log's stream as they are stored: which customers' histories were verified how
// far, and the signed heads of that log. They name nobody: references are keyed hashes.
import { ENVIRONMENTS, type Environment } from '../identity/names';
import { UnreadableEventError } from './events';

export const DELTAS_VERIFIED = 'DeltasVerified';
export const LOG_HEAD_SIGNED = 'LogHeadSigned';

const STREAM_CATEGORY = 'seals-';

/** One customer's tree head: reference (`0x`…, checksum-cased), size, root (`0x` + 64 hex). */
export type VerifiedTreeHead = readonly [reference: string, size: number, root: string];

/** Heads of the customers touched since the one before; each becomes a seal. */
export interface DeltasVerified {
  readonly type: typeof DELTAS_VERIFIED;
  readonly v: 1;
  /** Index in the seal log of the first head's seal; the others follow in order. */
  readonly firstIndex: number;
  /** RFC 3339 UTC, 3 fraction digits; the same for all of its seals. */
  readonly sealedAt: string;
  readonly heads: readonly VerifiedTreeHead[];
}

export interface LogHeadSigned {
  readonly type: typeof LOG_HEAD_SIGNED;
  readonly v: 1;
  /** Number of seals that the head covers. */
  readonly size: number;
  /** The signed note. */
  readonly note: string;
}

export type SealEvent = DeltasVerified | LogHeadSigned;

/** A tenant in one environment: what has a seal log of its own. */
export interface SealScope {
  readonly tenant: string;
  readonly environment: Environment;
}

/** Name of the stream of a scope's seal log. */
export function sealStream({ tenant, environment }: SealScope): string {
  return `${STREAM_CATEGORY}${tenant}-${environment}`;
}

/** The scope whose seal log a stream is; undefined for other streams. */
export function sealScopeOfStream(stream: string): SealScope | undefined {
  if (!stream.startsWith(STREAM_CATEGORY)) return undefined;
  // No environment's name has a dash, and a tenant's may.
  const end = stream.lastIndexOf('-');
  const environment = ENVIRONMENTS.find((name) => name === stream.slice(end + 1));
  const tenant = stream.slice(STREAM_CATEGORY.length, end);
  return environment && tenant !== '' ? { tenant, environment } : undefined;
}

/** Name of a seal log in its log heads: `<installation>/<tenant>-<environment>`. */
export function sealLogOrigin(installation: string, { tenant, environment }: SealScope): string {
  return `${installation}/${tenant}-${environment}`;
}

/** Text stored for an event of a seal log. */
export function sealEventText(event: SealEvent): string {
  if (event.type === LOG_HEAD_SIGNED) {
    const { v, size, note } = event;
    return JSON.stringify({ v, size, note });
  }
  const { v, firstIndex, sealedAt, heads } = event;
  return JSON.stringify({ v, firstIndex, sealedAt, heads });
}

/** Reads a stored event of a seal log; throws UnreadableEventError for an unknown one. */
export function parseSealEvent(type: string, data: string): SealEvent {
  const stored = JSON.parse(data) as { v?: unknown; type?: string };
  if ((type !== DELTAS_VERIFIED && type !== LOG_HEAD_SIGNED) || stored.v !== 1) {
    throw new UnreadableEventError(type, stored.v);
  }
  stored.type = type;
  return stored as SealEvent;
}
