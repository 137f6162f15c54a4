// The client alone: fetches and decodes a topic's messages, and does nothing with them.
import { topicClient } from './topic-client';
import type { ReadJob, TopicResult } from './topic-job';

const PARTITIONS_AT_ONCE = 8;
/** As the intake's settings are when nobody changes them. */
const FETCH_BYTES_MAX = 8 * 1024 * 1024;
const PARTITION_BYTES_MAX = 1024 * 1024;

/** Reads so many messages with a group of its own. */
export async function readAlone(job: ReadJob): Promise<Omit<TopicResult, 'cpuSeconds'>> {
  const consumer = topicClient(job.brokers).consumer({
    groupId: `${job.topic}-alone`,
    maxBytes: FETCH_BYTES_MAX,
    maxBytesPerPartition: PARTITION_BYTES_MAX,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [job.topic], fromBeginning: true });
  let messages = 0;
  let startedAt = 0;
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
        eachBatch: ({ batch }) => {
          if (startedAt === 0) startedAt = performance.now();
          messages += batch.messages.length;
          if (messages >= job.messageCount) resolve();
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  await consumer.disconnect();
  const acknowledged = { counts: new Float64Array(0), sums: new Float64Array(0) };
  return { messages, seconds, acknowledged };
}
