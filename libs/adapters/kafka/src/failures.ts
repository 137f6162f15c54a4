// What an operator is told when the brokers cannot be used: one sentence that names the settings to
// look at, and not the same one again with every attempt.
import type { KafkaLog } from './connection';

/** The line of the log under which every part of this adapter says so. */
export const KAFKA_FAILED = 'Kafka cannot be used; trying again';

/** How long a line that says the same as before is left out. */
const REPEAT_MS = 60_000;
const LOGIN_ERROR = 'KafkaJSSASLAuthenticationError';
const UNTRUSTED = /certificate|unable to verify/i;
/** A broker that speaks TLS to a client that does not, and the other way round. */
const WRONG_PROTOCOL = /wrong version number|before secure TLS connection|packet length too long/i;

interface Failure {
  readonly name?: string;
  readonly message?: string;
  readonly cause?: unknown;
}

/** One sentence about a failure of the client. */
export function explainFailure(error: unknown): string {
  const failures = chainOf(error);
  const messages = failures.map(({ message }) => message ?? '');
  const detail = messages[0] ?? String(error);
  if (failures.some(({ name }) => name === LOGIN_ERROR)) {
    return `the brokers refuse the login; check KAFKA_SASL and its settings (${detail})`;
  }
  if (messages.some((message) => WRONG_PROTOCOL.test(message))) {
    return `one side speaks TLS and the other does not; check KAFKA_TLS (${detail})`;
  }
  if (messages.some((message) => UNTRUSTED.test(message))) {
    return `the brokers' certificate is not trusted; check KAFKA_TLS_CA_FILE (${detail})`;
  }
  return detail;
}

/** The error and its causes, as far as they go. */
function chainOf(error: unknown): readonly Failure[] {
  const chain: Failure[] = [];
  let next = error;
  while (typeof next === 'object' && next !== null && !chain.includes(next)) {
    chain.push(next);
    next = (next as Failure).cause;
  }
  return chain;
}

/** Leaves out lines about failures that say what the one before of their message said. */
export function withoutRepeats(log: KafkaLog, elapsedMs: () => number): KafkaLog {
  const said = new Map<string, { readonly what: string; readonly at: number }>();
  return (level, message, fields) => {
    const what = String(fields['detail'] ?? fields['error'] ?? '');
    if (what !== '') {
      const before = said.get(message);
      const at = elapsedMs();
      if (before?.what === what && at - before.at < REPEAT_MS) return;
      said.set(message, { what, at });
    }
    log(level, message, fields);
  };
}
