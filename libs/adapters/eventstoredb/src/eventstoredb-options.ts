// What the adapter can be told: where the store is, and the bounds of everything that waits or
// repeats.

export interface EventStoreDbOptions {
  /** esdb://… or esdb+discover://… */
  readonly connectionString: string;
  /** Stands before every stream name; empty, or ends with `_`. */
  readonly streamPrefix: string;
  /** PEM file of the CA that signed the servers' certificates; empty for the system's CAs. */
  readonly caFile: string;
  /** Files with the user name and the password, for strings without them; empty for none. */
  readonly userFile: string;
  readonly passwordFile: string;
  /** How long opening the store may take. */
  readonly connectTimeoutMs: number;
  /** An append without an answer for so long has an unknown outcome. */
  readonly appendTimeoutMs: number;
  /** How long a read may take, repeats while no node serves included. */
  readonly readTimeoutMs: number;
  /** Pause between two such repeats. */
  readonly readRetryDelayMs: number;
  /** Streams of appends, each with its own order of arrival. */
  readonly appendLanes: number;
  /** Appends under way at once. */
  readonly appendsInFlightMax: number;
  /** Stream reads under way at once, and how many more may wait. */
  readonly readsInFlightMax: number;
  readonly readsPendingMax: number;
  readonly keepAliveIntervalMs: number;
  readonly keepAliveTimeoutMs: number;
  /** Events, and bytes of them, that a subscription holds before it stops reading. */
  readonly followBufferCountMax: number;
  readonly followBufferBytesMax: number;
  /** First and greatest pause before a lost subscription is made again. */
  readonly followRetryMinMs: number;
  readonly followRetryMaxMs: number;
}

const MIB = 1024 * 1024;

/** Defaults for everything but the connection string. */
export const EVENTSTOREDB_DEFAULTS = {
  streamPrefix: '',
  caFile: '',
  userFile: '',
  passwordFile: '',
  connectTimeoutMs: 10_000,
  appendTimeoutMs: 2_500,
  readTimeoutMs: 4_000,
  readRetryDelayMs: 100,
  appendLanes: 2,
  appendsInFlightMax: 256,
  readsInFlightMax: 64,
  readsPendingMax: 10_000,
  keepAliveIntervalMs: 10_000,
  keepAliveTimeoutMs: 5_000,
  followBufferCountMax: 20_000,
  followBufferBytesMax: 64 * MIB,
  followRetryMinMs: 50,
  followRetryMaxMs: 2_000,
} as const satisfies Omit<EventStoreDbOptions, 'connectionString'>;

export type GivenOptions = Pick<EventStoreDbOptions, 'connectionString'> &
  Partial<EventStoreDbOptions>;

export function completeOptions(given: GivenOptions): EventStoreDbOptions {
  return { ...EVENTSTOREDB_DEFAULTS, ...given };
}
