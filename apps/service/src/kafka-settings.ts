// The settings of the Kafka doors; part of the one table in settings.ts.
import { ANY, ANY_OR_NONE, flag, integer, MIB, text } from './setting-types';

const TOPIC = /^[A-Za-z0-9._-]{1,249}$/;
const BROKERS = /^([^\s,]+:\d{1,5}(,[^\s,]+:\d{1,5})*)?$/;
const BINDING = /[A-Za-z0-9._-]{1,249}(=[a-z0-9.-]{1,63}\/(sandbox|production))?/.source;
const BINDINGS = new RegExp(`^${BINDING}(, *${BINDING})*$`);

export const KAFKA_SETTINGS = {
  KAFKA_BROKERS: text('', BROKERS, 'Kafka brokers host:port,…; none turns the Kafka doors off'),
  KAFKA_CLIENT_ID: text('deltabook', ANY, 'name of this client in the brokers’ logs and quotas'),
  KAFKA_TLS: flag(false, 'speak TLS with the brokers'),
  KAFKA_TLS_CA_FILE: text(
    '',
    ANY_OR_NONE,
    'PEM file of the authorities to trust; none: the system’s',
  ),
  KAFKA_TLS_CERT_FILE: text('', ANY_OR_NONE, 'PEM file of the client’s certificate'),
  KAFKA_TLS_KEY_FILE: text('', ANY_OR_NONE, 'PEM file of the client’s private key'),
  KAFKA_SASL: text('none', /^(none|plain|scram-sha-256|scram-sha-512)$/, 'how to log in'),
  KAFKA_SASL_USERNAME: text('', ANY_OR_NONE, 'name to log in with'),
  KAFKA_SASL_PASSWORD_FILE: text('', ANY_OR_NONE, 'file of the password to log in with'),
  KAFKA_INTAKE: flag(true, 'take deltas from KAFKA_DELTAS_TOPIC'),
  KAFKA_GROUP: text('deltabook', ANY, 'consumer group of the intake'),
  KAFKA_DELTAS_TOPIC: text(
    'deltabook.deltas',
    BINDINGS,
    'topics to take deltas from, as topic=tenant/environment,…',
  ),
  KAFKA_TENANT: text('default', /^[a-z0-9.-]{1,63}$/, 'tenant of a topic that names none'),
  KAFKA_ENVIRONMENT: text('sandbox', /^(sandbox|production)$/, 'environment of such a topic'),
  KAFKA_DELTAS_EPOCH: text(
    '0',
    /^[A-Za-z0-9._-]{1,32}$/,
    'change it when a topic was made anew, so that its offsets are new keys',
  ),
  KAFKA_DELTAS_TOPIC_DLQ: text('deltabook.deltas.dlq', TOPIC, 'topic of the dead letters'),
  KAFKA_PARTITIONS: integer(12, [1, 10_000], 'partitions of a topic that is made'),
  KAFKA_PARTITIONS_AT_ONCE: integer(12, [1, 1_000], 'partitions with deltas under way at once'),
  // Two partitions' share: what else a fetch brought would only wait in memory.
  KAFKA_FETCH_BYTES_MAX: integer(2 * MIB, [65_536, 256 * MIB], 'bytes of one fetch'),
  KAFKA_PARTITION_BYTES_MAX: integer(MIB, [65_536, 64 * MIB], 'the same for one partition'),
  KAFKA_FETCH_WAIT_MS: integer(200, [1, 30_000], 'how long a broker may wait for messages'),
  KAFKA_DELTAS_IN_FLIGHT_MAX: integer(
    4_000,
    [1, 1_000_000],
    'deltas of all partitions that wait for the write path at once',
  ),
  KAFKA_BYTES_IN_FLIGHT_MAX: integer(16 * MIB, [65_536, 1_024 * MIB], 'the same in bytes'),
  KAFKA_HANDOVER_MAX: integer(500, [1, 10_000], 'messages read in one turn of the event loop'),
  KAFKA_COMMIT_INTERVAL_MS: integer(
    200,
    [1, 60_000],
    'how long an offset that may be committed waits for those of other partitions',
  ),
  KAFKA_PAUSE_MS: integer(200, [1, 60_000], 'first pause of a partition that is refused for now'),
  KAFKA_PAUSE_MS_MAX: integer(10_000, [1, 600_000], 'longest such pause'),
  KAFKA_SESSION_TIMEOUT_MS: integer(
    30_000,
    [6_000, 300_000],
    'how long the group waits for a silent member',
  ),
  KAFKA_REBALANCE_TIMEOUT_MS: integer(
    60_000,
    [6_000, 600_000],
    'how long the group waits for its members to join again',
  ),
  KAFKA_CONNECT_TIMEOUT_MS: integer(5_000, [100, 60_000], 'how long a connection may take'),
  KAFKA_REQUEST_TIMEOUT_MS: integer(30_000, [1_000, 300_000], 'how long a request may take'),
  KAFKA_RETRY_MS_MAX: integer(5_000, [100, 60_000], 'longest pause between two attempts'),
  KAFKA_PUBLISHER: flag(true, 'publish events to KAFKA_EVENTS_TOPIC'),
  KAFKA_EVENTS_TOPIC: text('deltabook.events', TOPIC, 'topic of the published events'),
  KAFKA_PUBLISH_BATCH_MAX: integer(1_000, [1, 10_000], 'events sent to the brokers at once'),
} as const;
