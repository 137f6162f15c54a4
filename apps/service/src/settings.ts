// Every setting of the service: its name, default, bounds and meaning, in
// one table. A wrong value stops the start with one line that names it.
import { CHECKPOINT_SETTINGS } from './checkpoint-settings';
import { AUDIT_SETTINGS } from './audit-settings';
import { EVENT_STORE_SETTINGS } from './event-store-settings';
import { KAFKA_SETTINGS } from './kafka-settings';
import { READ_STORE_SETTINGS } from './read-store-settings';
import { VERIFIER_SETTINGS } from './verifier-settings';
import { ANY, flag, integer, MIB, text, type SettingType } from './setting-types';

/** The table: from it come parsing, the reference page and the check of the compose files. */
export const SETTINGS = {
  PORT: integer(3000, [0, 65_535], 'TCP port of the HTTP API; 0 takes a free one'),
  HOST: text('127.0.0.1', ANY, 'address to listen on; 0.0.0.0 for all'),
  DATA_DIR: text('./data', ANY, 'folder of the embedded store and the read models'),
  ...EVENT_STORE_SETTINGS,
  READ_STORE: text('sqlite', /^sqlite$/, 'where read models are kept: sqlite'),
  INSTALLATION_NAME: text('deltabook', /^[a-z0-9.-]{1,63}$/, 'name of a new installation'),
  DELTABOOK_API_KEY: text(
    '',
    /^(pk_(test|live)_[A-Za-z0-9_-]{4,64}\.[A-Za-z0-9_-]{32,128})?$/,
    'API key pk_test_<id>.<secret> to be added to tenant "default" at start',
  ),
  API_KEYS_CACHED_MAX: integer(10_000, [1, 1_000_000], 'API keys that need no hash to be checked'),
  OPERATOR_COMMANDS_MAX: integer(8, [1, 1_000], 'commands of operators under way at once'),
  LOG_LEVEL: text('info', /^(fatal|error|warn|info|debug|trace|silent)$/, 'least level logged'),
  LOG_REQUESTS: flag(false, 'log every request, not only failed and slow ones'),
  PROGRESS_LINE_MS: integer(2_000, [100, 600_000], 'time between two lines of progress'),
  REQUEST_TIMEOUT_MS: integer(30_000, [100, 600_000], 'time in which a request must arrive'),
  SLOW_REQUEST_MS: integer(1_000, [1, 600_000], 'a request that takes longer is logged'),
  READ_WAIT_MS: integer(2_000, [0, 60_000], 'how long a read waits for minPosition'),
  DRAIN_MS: integer(20_000, [0, 600_000], 'how long SIGTERM waits for accepted requests'),
  SESSIONS_MAX: integer(10_000, [1, 1_000_000], 'signed-in sessions of the dashboard at once'),
  SESSION_IDLE_MS: integer(
    43_200_000,
    [60_000, 2_592_000_000],
    'a session that is not used for so long ends',
  ),
  EVENT_SUBSCRIBERS_MAX: integer(1_000, [1, 100_000], 'streams of live events at once'),
  EVENTS_BUFFERED_MAX: integer(
    1_000,
    [1, 1_000_000],
    'live events that wait for one stream before it has to read them from the log',
  ),
  EVENTS_HEARTBEAT_MS: integer(
    15_000,
    [100, 50_000],
    'a silent stream of events gets a comment after so long',
  ),
  REQUESTS_IN_FLIGHT_MAX: integer(10_000, [1, 1_000_000], 'requests at once before 429'),
  REQUEST_BYTES_IN_FLIGHT_MAX: integer(
    256 * MIB,
    [MIB, 16_384 * MIB],
    'bytes of request bodies at once before 429',
  ),
  BODIES_PER_TURN_MAX: integer(
    100,
    [1, 100_000],
    'request bodies handled before other requests have their turn',
  ),
  TEXT_REPLIES_MAX: integer(64, [1, 100_000], 'receipts being written at once before 429'),
  TEXT_REPLY_HELD_BYTES_MAX: integer(
    4 * MIB,
    [1_024, 1_024 * MIB],
    'bytes of a receipt that are held back, so that it fails as a whole; what is longer streams',
  ),
  WRITES_PENDING_MAX: integer(50_000, [1, 10_000_000], 'deltas accepted and not yet answered'),
  WRITE_BYTES_PENDING_MAX: integer(256 * MIB, [MIB, 16_384 * MIB], 'the same in bytes'),
  TENANT_SHARE_PERCENT_MAX: integer(50, [1, 100], 'share of both that one tenant may hold'),
  CUSTOMER_WRITES_PENDING_MAX: integer(5_000, [1, 1_000_000], 'the same for one customer'),
  CUSTOMER_BATCH_MAX: integer(500, [1, 5_000], 'deltas of one customer in one append'),
  CUSTOMERS_CACHED_MAX: integer(50_000, [1, 10_000_000], 'customers whose state stays in memory'),
  RECENT_KEYS_MAX: integer(
    500_000,
    [20_000, 50_000_000],
    'idempotency keys not yet projected before writes get 429',
  ),
  CONFLICT_RETRIES_MAX: integer(100, [0, 1_000], 'times a batch is decided again after a conflict'),
  SHARED_CUSTOMER_MS: integer(
    1_000,
    [0, 60_000],
    'how long after a conflict what other processes wrote is read before each append',
  ),
  UNKNOWN_RETRY_MS: integer(
    4_000,
    [0, 60_000],
    'how long an append of unknown outcome is repeated',
  ),
  UNKNOWN_RETRY_DELAY_MS: integer(100, [1, 10_000], 'pause between two such repeats'),
  BACKGROUND_NICENESS: integer(
    5,
    [0, 19],
    'how far the verifier and the audit yield the processors to requests (nice; on Linux)',
  ),
  ...CHECKPOINT_SETTINGS,
  ...READ_STORE_SETTINGS,
  ...VERIFIER_SETTINGS,
  ...AUDIT_SETTINGS,
  ...KAFKA_SETTINGS,
} as const satisfies Record<string, SettingType<string | number | boolean>>;

type Widened<T> = T extends SettingType<infer V> ? V : never;
export type SettingName = keyof typeof SETTINGS;
export type Settings = { readonly [N in SettingName]: Widened<(typeof SETTINGS)[N]> };

/** A setting that cannot be used; its message is the one line to print. */
export class SettingError extends Error {
  readonly code = 'WRONG_SETTING';
}

/** Reads all settings from environment variables; an empty one counts as not given. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  const settings: Record<string, string | number | boolean> = {};
  for (const [name, type] of Object.entries<SettingType<string | number | boolean>>(SETTINGS)) {
    settings[name] = readSetting(name, type, environment[name]);
  }
  return settings as Settings;
}

function readSetting(
  name: string,
  type: SettingType<string | number | boolean>,
  given: string | undefined,
): string | number | boolean {
  if (given === undefined || given === '') return type.fallback;
  const value = type.parse(given);
  if (value !== undefined) return value;
  // The value itself is not repeated: it may be a secret.
  throw new SettingError(`setting ${name} must be ${type.form} (${type.meaning})`);
}
