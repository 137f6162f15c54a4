// Reads a whole topic once, as it is now; for commands that look now and then.
import type { EachBatchPayload, Kafka } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import type { RawMessage } from './intake/read-message';
import { withAdmin } from './topics';

/** Calls `take` with every committed message that is in the topic now. */
export async function readTopic(
  kafka: Kafka,
  topic: string,
  take: (message: RawMessage, partition: number) => void,
): Promise<void> {
  const ends = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  const open = new Map<number, bigint>();
  for (const { partition, low, high } of ends) {
    if (BigInt(high) > BigInt(low)) open.set(partition, BigInt(high));
  }
  if (open.size === 0) return;
  const groupId = `deltabook-reader-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) reject(payload.error);
      });
      // Also told of batches that hold nothing but a transaction's marker.
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
        const end = open.get(payload.partition);
        if (end !== undefined && BigInt(payload.lastOffset) + 1n >= end) {
          open.delete(payload.partition);
        }
        if (open.size === 0) resolve();
      });
      const eachBatch = ({ batch }: EachBatchPayload): Promise<void> => {
        for (const message of batch.messages) take(message, batch.partition);
        return Promise.resolve();
      };
      consumer.run({ autoCommit: false, eachBatch }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
    await withAdmin(kafka, (admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
}
