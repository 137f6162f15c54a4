// Puts the Kafka doors together from settings: the intake with its dead letters, and the connection
// that the operator's commands use. Nothing here runs when KAFKA_BROKERS is not set.
import {
  clusterIdOf,
  DeadLetterWriter,
  DeltaIntake,
  type DeltaIntakeOptions,
  InFlight,
  kafkaClient,
  makeMissingTopics,
  parseTopicBindings,
  reachBrokers,
  withAdmin,
  type EmitDeltas,
  type KafkaConnection,
  type KafkaLog,
  type KafkaSasl,
  type KafkaTls,
  type ReadDeltaBody,
  type TopicBinding,
  type WantedTopic,
} from '@deltabook/adapters/kafka';
import type { Environment } from '@deltabook/domain';
import { readFileSync } from 'node:fs';
import { SettingError, type Settings } from './settings';

export const BODY_BYTES_MAX = 64 * 1024;
const DEAD_LETTER_BYTES_MAX = 4 * 1024 * 1024;
const DEAD_LETTER_ATTEMPTS_MAX = 5;
const TRANSACTION_TIMEOUT_MS = 30_000;

export interface KafkaParts {
  readonly settings: Settings;
  readonly emitDeltas: EmitDeltas;
  readonly readBody: ReadDeltaBody;
  readonly log: KafkaLog;
}

/** The running intake. */
export interface RunningIntake {
  readonly intake: DeltaIntake;
  stop(): Promise<void>;
}

/** How to reach the brokers; reads the files that the settings name. */
export function kafkaConnection(settings: Settings, log: KafkaLog): KafkaConnection {
  return {
    brokers: settings.KAFKA_BROKERS.split(','),
    clientId: settings.KAFKA_CLIENT_ID,
    tls: settings.KAFKA_TLS ? tlsOf(settings) : undefined,
    sasl: saslOf(settings),
    connectTimeoutMs: settings.KAFKA_CONNECT_TIMEOUT_MS,
    requestTimeoutMs: settings.KAFKA_REQUEST_TIMEOUT_MS,
    retryDelayMsMax: settings.KAFKA_RETRY_MS_MAX,
    log,
  };
}

/** The deltas topics with their tenants. */
export function topicBindings(settings: Settings): readonly TopicBinding[] {
  const { KAFKA_DELTAS_TOPIC, KAFKA_TENANT, KAFKA_ENVIRONMENT } = settings;
  const fallback = { tenant: KAFKA_TENANT, environment: KAFKA_ENVIRONMENT as Environment };
  const bindings = parseTopicBindings(KAFKA_DELTAS_TOPIC, fallback);
  if (!bindings) throw new SettingError('setting KAFKA_DELTAS_TOPIC names a topic twice');
  return bindings;
}

/** Makes missing topics, joins the group and takes deltas until it is stopped. */
export async function startIntake(parts: KafkaParts): Promise<RunningIntake> {
  const { settings, log } = parts;
  const bindings = topicBindings(settings);
  const connection = kafkaConnection(settings, log);
  await reachBrokers(connection);
  const kafka = kafkaClient(connection);
  const cluster = await withAdmin(kafka, async (admin) => {
    await makeMissingTopics(admin, intakeTopics(settings, bindings), log);
    return clusterIdOf(admin);
  });
  const deadLetters = new DeadLetterWriter({
    kafka,
    topic: settings.KAFKA_DELTAS_TOPIC_DLQ,
    groupId: settings.KAFKA_GROUP,
    transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
    retryDelayMs: settings.KAFKA_PAUSE_MS,
    attemptsMax: DEAD_LETTER_ATTEMPTS_MAX,
    log,
  });
  const intake = new DeltaIntake({
    kafka,
    bindings,
    cluster,
    epoch: settings.KAFKA_DELTAS_EPOCH,
    groupId: settings.KAFKA_GROUP,
    deadLetters,
    services: partitionServices(parts),
    partitionsAtOnce: settings.KAFKA_PARTITIONS_AT_ONCE,
    fetchBytesMax: settings.KAFKA_FETCH_BYTES_MAX,
    partitionBytesMax: settings.KAFKA_PARTITION_BYTES_MAX,
    fetchWaitMs: settings.KAFKA_FETCH_WAIT_MS,
    commitIntervalMs: settings.KAFKA_COMMIT_INTERVAL_MS,
    sessionTimeoutMs: settings.KAFKA_SESSION_TIMEOUT_MS,
    rebalanceTimeoutMs: settings.KAFKA_REBALANCE_TIMEOUT_MS,
    pauseMs: settings.KAFKA_PAUSE_MS,
    pauseMsMax: settings.KAFKA_PAUSE_MS_MAX,
    log,
  });
  const stop = async (): Promise<void> => {
    await intake.stop();
    await deadLetters.close();
  };
  try {
    await intake.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { intake, stop };
}

function partitionServices(parts: KafkaParts): DeltaIntakeOptions['services'] {
  const { settings, emitDeltas, readBody } = parts;
  return {
    emitDeltas,
    readBody,
    inFlight: new InFlight({
      count: settings.KAFKA_DELTAS_IN_FLIGHT_MAX,
      byteCount: settings.KAFKA_BYTES_IN_FLIGHT_MAX,
    }),
    bodyBytesMax: BODY_BYTES_MAX,
    handoverCountMax: settings.KAFKA_HANDOVER_MAX,
    handoverBytesMax: settings.KAFKA_BYTES_IN_FLIGHT_MAX / 4,
    now: () => Date.now(),
  };
}

function intakeTopics(settings: Settings, bindings: readonly TopicBinding[]): WantedTopic[] {
  const deltas = bindings.map(({ topic }) => ({
    topic,
    partitionCount: settings.KAFKA_PARTITIONS,
    settings: {},
  }));
  // A letter's key is its message's place, so compaction only takes away what was replayed.
  const letters = {
    'cleanup.policy': 'compact',
    'max.message.bytes': String(DEAD_LETTER_BYTES_MAX),
  };
  return [
    ...deltas,
    { topic: settings.KAFKA_DELTAS_TOPIC_DLQ, partitionCount: 1, settings: letters },
  ];
}

function tlsOf(settings: Settings): KafkaTls {
  const read = (file: string): string | undefined =>
    file === '' ? undefined : readFileSync(file, 'utf8');
  return {
    ca: read(settings.KAFKA_TLS_CA_FILE),
    cert: read(settings.KAFKA_TLS_CERT_FILE),
    key: read(settings.KAFKA_TLS_KEY_FILE),
  };
}

function saslOf(settings: Settings): KafkaSasl | undefined {
  if (settings.KAFKA_SASL === 'none') return undefined;
  if (settings.KAFKA_SASL_PASSWORD_FILE === '') {
    throw new SettingError('setting KAFKA_SASL_PASSWORD_FILE is needed with KAFKA_SASL');
  }
  return {
    mechanism: settings.KAFKA_SASL as KafkaSasl['mechanism'],
    username: settings.KAFKA_SASL_USERNAME,
    password: readFileSync(settings.KAFKA_SASL_PASSWORD_FILE, 'utf8').trimEnd(),
  };
}
