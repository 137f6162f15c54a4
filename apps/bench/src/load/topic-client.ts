// How the bench's own processes reach the brokers.
import { kafkaClient, Partitioners, type Kafka } from '@deltabook/adapters/kafka';

const RETRY_DELAY_MS_MAX = 1_000;
const CONNECT_MS_MAX = 5_000;
const REQUEST_MS_MAX = 30_000;

/** A client that says on stderr what goes wrong. */
export function topicClient(brokers: readonly string[]): Kafka {
  return kafkaClient({
    brokers,
    clientId: 'deltabook-bench',
    tls: undefined,
    sasl: undefined,
    connectTimeoutMs: CONNECT_MS_MAX,
    requestTimeoutMs: REQUEST_MS_MAX,
    retryDelayMsMax: RETRY_DELAY_MS_MAX,
    log: (level, message, { error }) => {
      if (level === 'warn' || level === 'error') console.error(message, error ?? '');
    },
  });
}

/** A producer that neither makes topics nor keeps its sends in order. */
export function topicProducer(brokers: readonly string[]): ReturnType<Kafka['producer']> {
  const createPartitioner = Partitioners.DefaultPartitioner;
  return topicClient(brokers).producer({ allowAutoTopicCreation: false, createPartitioner });
}
