// The settings of the event store; part of the one table in settings.ts.
import { ANY_OR_NONE, integer, MIB, text } from './setting-types';

const STORE = /^(embedded|esdb(\+discover)?:\/\/.+)$/;
const PREFIX = /^([a-z0-9.-]{1,62}_)?$/;

export const EVENT_STORE_SETTINGS = {
  EVENT_STORE: text(
    'embedded',
    STORE,
    'where events are kept: embedded, or an EventStoreDB server: esdb://…, esdb+discover://…',
  ),
  COMMIT_CALLS_IN_FLIGHT: integer(2, [1, 16], 'group commits under way at once (embedded store)'),
  LOG_CHECKPOINT_PAGES: integer(
    10_000,
    [100, 1_000_000],
    'pages of log.db-wal before a checkpoint (embedded store)',
  ),
  EVENT_STORE_PREFIX: text(
    '',
    PREFIX,
    'stands before every stream name, on a server shared with others; ends with _',
  ),
  EVENT_STORE_CA_FILE: text('', ANY_OR_NONE, 'PEM file of the CA of the servers’ certificates'),
  EVENT_STORE_USER_FILE: text('', ANY_OR_NONE, 'file of the user name, if EVENT_STORE has none'),
  EVENT_STORE_PASSWORD_FILE: text('', ANY_OR_NONE, 'file of that user’s password'),
  EVENT_STORE_CONNECT_TIMEOUT_MS: integer(
    10_000,
    [100, 600_000],
    'how long the start waits for the server',
  ),
  EVENT_STORE_APPEND_TIMEOUT_MS: integer(
    2_500,
    [100, 60_000],
    'an append without an answer for so long has an unknown outcome and is repeated',
  ),
  EVENT_STORE_READ_TIMEOUT_MS: integer(
    4_000,
    [100, 60_000],
    'how long a read may take, repeats while no node serves included',
  ),
  EVENT_STORE_READ_RETRY_DELAY_MS: integer(100, [1, 10_000], 'pause between two such repeats'),
  EVENT_STORE_APPEND_LANES: integer(2, [1, 16], 'streams of appends to the server'),
  EVENT_STORE_APPENDS_IN_FLIGHT_MAX: integer(256, [1, 4_096], 'appends under way at once'),
  EVENT_STORE_READS_IN_FLIGHT_MAX: integer(64, [1, 1_000], 'stream reads under way at once'),
  EVENT_STORE_READS_PENDING_MAX: integer(
    10_000,
    [1, 1_000_000],
    'stream reads that may wait; more are refused',
  ),
  EVENT_STORE_KEEP_ALIVE_MS: integer(
    10_000,
    [10_000, 600_000],
    'pause between two signs of life of a connection',
  ),
  EVENT_STORE_KEEP_ALIVE_TIMEOUT_MS: integer(
    5_000,
    [100, 600_000],
    'how long the answer to one may take',
  ),
  EVENT_STORE_STATUS_MS: integer(
    2_000,
    [100, 600_000],
    'pause between two looks at whether the server answers, for readiness',
  ),
  EVENT_STORE_FOLLOW_BUFFER_MAX: integer(
    20_000,
    [1, 1_000_000],
    'events that a projection holds before it stops reading the connection',
  ),
  EVENT_STORE_FOLLOW_BUFFER_BYTES_MAX: integer(64 * MIB, [MIB, 4_096 * MIB], 'the same in bytes'),
  EVENT_STORE_FOLLOW_RETRY_MS: integer(
    50,
    [1, 10_000],
    'first pause before a lost subscription is made again',
  ),
  EVENT_STORE_FOLLOW_RETRY_MS_MAX: integer(2_000, [1, 600_000], 'longest such pause'),
} as const;
