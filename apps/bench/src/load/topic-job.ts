// What the process beside the broker is told to do, and what it reports.
import type { LoadResult } from './load-job';

/** Messages with a new key each, of customers `<prefix>0` … `<prefix><count - 1>`. */
export interface SendJob {
  readonly kind: 'send';
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly customers: { readonly prefix: string; readonly count: number };
  readonly messageCount: number;
  /** Sent at this rate, whatever the brokers do; as fast as they take them if absent. */
  readonly ratePerSecond?: number;
  /** Start of every idempotency key of this job; no two jobs share it. */
  readonly keyPrefix: string;
  readonly seed: number;
}

/** Reads the topic with the client alone, until its end or for so many seconds. */
export interface ReadJob {
  readonly kind: 'read';
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly messageCount: number;
}

export type TopicJob = SendJob | ReadJob;

export interface TopicResult {
  readonly messages: number;
  /** From the first message to the last one. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** What was sent, by the customer's number. */
  readonly acknowledged: LoadResult['acknowledged'];
}
