// Makes the topics that are missing, where the broker allows it, and knows the cluster's name.
import type { Admin, ITopicConfig, Kafka } from 'kafkajs';
import { kafkaClient, type KafkaConnection, type KafkaLog } from './connection';

export interface WantedTopic {
  readonly topic: string;
  readonly partitionCount: number;
  /** Topic settings by name. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Runs `use` with an administrator's connection that is closed afterwards. */
export async function withAdmin<T>(kafka: Kafka, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Resolves once a broker has answered; rejects after one attempt, with why it did not. */
export async function reachBrokers(connection: KafkaConnection): Promise<void> {
  await withAdmin(kafkaClient(connection, 0), () => Promise.resolve());
}

/** Makes what is missing, with the broker's own replication; leaves what is there as it is. */
export async function makeMissingTopics(
  admin: Admin,
  wanted: readonly WantedTopic[],
  log: KafkaLog,
): Promise<void> {
  const present = new Set(await admin.listTopics());
  const missing = wanted.filter(({ topic }) => !present.has(topic));
  for (const { topic, partitionCount, settings } of missing) {
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    const topicConfig: ITopicConfig = { topic, numPartitions: partitionCount, configEntries };
    try {
      await admin.createTopics({ topics: [topicConfig], waitForLeaders: true });
      log('info', 'topic made', { topic, partitionCount });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      log('warn', 'topic is missing and could not be made; make it by hand', { topic, detail });
    }
  }
}

/** The id that the cluster gave itself when it was formatted; empty where a broker tells none. */
export async function clusterIdOf(admin: Admin): Promise<string> {
  const { clusterId } = await admin.describeCluster();
  return clusterId;
}
