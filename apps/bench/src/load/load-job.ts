// What the load generator is told to do, and what it reports.

export interface LoadJob {
  readonly port: number;
  readonly apiKey: string;
  /**
   * What is sent: one delta, many deltas in a batch, or the reading of one customer, of any page of
   * all customers in any order, or of the first page of those whose customerId has a piece of one.
   */
  readonly kind: 'single' | 'batch' | 'read' | 'list' | 'search';
  /** Customers are `<prefix>0` … `<prefix><count - 1>`: each picked at random, or in turn. */
  readonly customers: {
    readonly prefix: string;
    readonly count: number;
    readonly areInTurn?: boolean;
  };
  /** Deltas in one request; 1 unless the kind is batch. */
  readonly batchSize: number;
  readonly connections: number;
  /** The job ends after so many seconds, or after so many requests when that is given. */
  readonly seconds: number;
  readonly requestCount?: number;
  /** Requests are sent at this rate, whatever the answers do; as fast as answers come if absent. */
  readonly ratePerSecond?: number;
  /** Start of every idempotency key of this job; no two jobs share it. */
  readonly keyPrefix: string;
  readonly seed: number;
}

/** Milliseconds from when a request was due to when its answer was whole. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly latencies: Latencies;
  /** Answers by HTTP status; 0 is a lost connection. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Bytes of the last answer's body. */
  readonly replyBytes: number;
  readonly cpuSeconds: number;
  /** What was acknowledged, by the customer's number: deltas, and the sum of their amounts. */
  readonly acknowledged: { readonly counts: Float64Array; readonly sums: Float64Array };
}
