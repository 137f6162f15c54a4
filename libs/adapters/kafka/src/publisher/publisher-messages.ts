// What the publisher's thread is given, and what it and the main thread say to each other.
import type { RecordedEvent } from '@deltabook/application';
import type { KafkaConnection, KafkaLogLevel } from '../connection';
import type { PublisherStatistics } from './event-publisher';

export interface PublisherData {
  readonly connection: Omit<KafkaConnection, 'log'>;
  /** Whatever the thread's entry needs to open the log. */
  readonly logSource: unknown;
  readonly topic: string;
  /** Partitions of the topic when it has to be made. */
  readonly partitionCount: number;
  readonly positionFile: string;
  readonly customersCachedMax: number;
  readonly sendCountMax: number;
  readonly sendBytesMax: number;
  readonly retryDelayMs: number;
}

export type FirstEvent = Pick<RecordedEvent, 'type' | 'data'> | undefined;

export type FromPublisher =
  | {
      readonly kind: 'report';
      readonly level: KafkaLogLevel;
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'first-events'; readonly id: number; readonly streams: readonly string[] }
  | { readonly kind: 'statistics'; readonly statistics: PublisherStatistics };

export type ToPublisher =
  | { readonly kind: 'first-events'; readonly id: number; readonly events: readonly FirstEvent[] }
  | { readonly kind: 'unread'; readonly id: number; readonly reason: string }
  | { readonly kind: 'stop'; readonly waitMs: number };
