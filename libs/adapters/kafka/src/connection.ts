// One way to the cluster for every part of this adapter: brokers, TLS, SASL, retries and logs.
import { Kafka, logLevel, type KafkaConfig, type LogEntry, type SASLOptions } from 'kafkajs';
import { passOverAborted } from './aborted-transactions';
import { quietRequestTimers } from './quiet-request-timers';

export { Partitioners, type Kafka, type Message } from 'kafkajs';

export type KafkaLogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where this adapter's log lines go; fields hold no secrets and no amounts. */
export type KafkaLog = (
  level: KafkaLogLevel,
  message: string,
  fields: Readonly<Record<string, unknown>>,
) => void;

export interface KafkaTls {
  /** PEM texts; the system's authorities are trusted when `ca` is not given. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

export interface KafkaConnection {
  /** host:port of some brokers; the others are found through them. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly tls: KafkaTls | undefined;
  readonly sasl: KafkaSasl | undefined;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** Longest pause between two attempts of the client. */
  readonly retryDelayMsMax: number;
  readonly log: KafkaLog;
}

/** First pause between two attempts of the client. */
const RETRY_DELAY_MS = 100;
/** Further attempts of one request, before whoever asked decides; consumers start anew. */
const RETRIES_MAX = 8;

/**
 * A client; it connects once one of its consumers or producers does. `retries`: attempts of one
 * request after the first.
 */
export function kafkaClient(connection: KafkaConnection, retries = RETRIES_MAX): Kafka {
  mendClient();
  const { brokers, clientId, tls, sasl, log } = connection;
  const config: KafkaConfig = {
    clientId,
    brokers: [...brokers],
    connectionTimeout: connection.connectTimeoutMs,
    authenticationTimeout: connection.connectTimeoutMs,
    requestTimeout: connection.requestTimeoutMs,
    enforceRequestTimeout: true,
    retry: {
      initialRetryTime: RETRY_DELAY_MS,
      maxRetryTime: connection.retryDelayMsMax,
      retries,
    },
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => logEntry(log, entry),
  };
  if (tls) config.ssl = definedOnly(tls);
  if (sasl) config.sasl = { ...sasl } as SASLOptions;
  return new Kafka(config);
}

let isMended = false;

/** Both reach into the client's own classes, which all clients of the process share. */
function mendClient(): void {
  if (isMended) return;
  isMended = true;
  quietRequestTimers();
  passOverAborted();
}

function definedOnly(tls: KafkaTls): { ca?: string; cert?: string; key?: string } {
  const given = Object.entries(tls).filter(([, text]) => text !== undefined);
  return Object.fromEntries(given);
}

/** Parts of the client whose failed attempts are repeated by another part, which also says so. */
const REPEATED_BY_OTHERS = /^(Connection|BrokerPool|SaslAuthenticator-.*)$/;
/** Retries are limited on purpose: whoever sends starts anew and checks what came of it. */
const SAID_ON_PURPOSE = 'Limiting retries';

/** What the client calls an error is one attempt that it will repeat, so it is a warning here. */
function logEntry(log: KafkaLog, entry: LogEntry): void {
  const { message, error, groupId, broker } = entry.log;
  const quiet = REPEATED_BY_OTHERS.test(entry.namespace) || message.startsWith(SAID_ON_PURPOSE);
  const alarming = entry.level === logLevel.ERROR || entry.level === logLevel.WARN;
  log(alarming && !quiet ? 'warn' : 'debug', `kafka client: ${message}`, {
    part: entry.namespace,
    error: error instanceof Error ? error.message : (error as unknown),
    groupId: groupId as unknown,
    broker: broker as unknown,
  });
}
