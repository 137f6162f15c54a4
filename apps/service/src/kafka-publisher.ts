// Puts the publisher together from settings, on a thread of its own.
import { PublisherThread, type KafkaLog } from '@deltabook/adapters/kafka';
import type { EventStore } from '@deltabook/application';
import { join } from 'node:path';
import { kafkaConnection } from './kafka';
import type { Settings } from './settings';

/** One send fits a broker's usual bound of a record batch, also when it goes to one partition. */
const SEND_BYTES_MAX = 512 * 1024;

export interface PublisherSources {
  readonly store: Pick<EventStore, 'readStream'>;
  /** Entry of the thread, and what it opens the log from. */
  readonly publisherEntry: string;
  readonly logSource: unknown;
  readonly log: KafkaLog;
}

/** Publishes from where it stopped last, until it is stopped. */
export function startPublisher(settings: Settings, sources: PublisherSources): PublisherThread {
  const { log: _log, ...connection } = kafkaConnection(settings, sources.log);
  const publisher = new PublisherThread({
    entry: sources.publisherEntry,
    store: sources.store,
    report: sources.log,
    restartMs: settings.KAFKA_RETRY_MS_MAX,
    data: {
      connection,
      logSource: sources.logSource,
      topic: settings.KAFKA_EVENTS_TOPIC,
      partitionCount: settings.KAFKA_PARTITIONS,
      positionFile: join(settings.DATA_DIR, 'kafka-published.json'),
      customersCachedMax: settings.CUSTOMERS_CACHED_MAX,
      sendCountMax: settings.KAFKA_PUBLISH_BATCH_MAX,
      sendBytesMax: SEND_BYTES_MAX,
      retryDelayMs: settings.KAFKA_PAUSE_MS,
    },
  });
  publisher.start();
  return publisher;
}
