// Sends some messages with a producer of their own; for commands that send now and then.
import { Partitioners, type Kafka, type Message } from 'kafkajs';

const MESSAGES_PER_REQUEST_MAX = 1_000;

/** Resolves once all replicas in sync have them; in order within a partition, none twice. */
export async function sendMessages(
  kafka: Kafka,
  topic: string,
  messages: readonly Message[],
): Promise<void> {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  try {
    for (let i = 0; i < messages.length; i += MESSAGES_PER_REQUEST_MAX) {
      await producer.send({ topic, messages: messages.slice(i, i + MESSAGES_PER_REQUEST_MAX) });
    }
  } finally {
    await producer.disconnect();
  }
}
