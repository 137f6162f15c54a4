// Counts and durations of requests, kept in plain arrays and turned into Prometheus text only when
// someone asks: observing a histogram of the usual library costs a tenth of a request.
const BUCKET_BOUNDS_MS = [
  1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000,
] as const;
const MS_PER_SECOND = 1_000;

interface Observed {
  readonly countByStatus: Map<number, number>;
  /** Requests of each bucket; the last one is unbounded. */
  readonly buckets: number[];
  sumMs: number;
}

/** Numbers of the moment, read when asked for. */
export interface Gauges {
  readonly requestsInFlight: number;
  readonly bytesInFlight: number;
}

export class RequestMetrics {
  private readonly operations = new Map<string, Observed>();

  /** `operation` is one of a fixed set: it becomes a label. */
  observe(operation: string, status: number, tookMs: number): void {
    let observed = this.operations.get(operation);
    if (!observed) {
      const buckets = Array.from({ length: BUCKET_BOUNDS_MS.length + 1 }, () => 0);
      observed = { countByStatus: new Map(), buckets, sumMs: 0 };
      this.operations.set(operation, observed);
    }
    const { countByStatus, buckets } = observed;
    countByStatus.set(status, (countByStatus.get(status) ?? 0) + 1);
    let bucket = 0;
    while (tookMs > (BUCKET_BOUNDS_MS[bucket] ?? Infinity)) bucket += 1;
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    observed.sumMs += tookMs;
  }

  /** Prometheus text format. */
  text({ requestsInFlight, bytesInFlight }: Gauges): string {
    const counts: string[] = [];
    const durations: string[] = [];
    for (const [operation, observed] of this.operations) {
      for (const [status, count] of observed.countByStatus) {
        counts.push(`http_requests_total{operation="${operation}",status="${status}"} ${count}`);
      }
      durations.push(...durationLines(operation, observed));
    }
    return lines([
      ['http_requests_total', 'counter', 'Requests answered.', counts],
      ['http_request_duration_seconds', 'histogram', 'Arrival to last byte.', durations],
      [
        'http_requests_in_flight',
        'gauge',
        'Requests let in and not yet answered.',
        [`http_requests_in_flight ${requestsInFlight}`],
      ],
      [
        'http_request_bytes_in_flight',
        'gauge',
        'Bytes reserved for their bodies.',
        [`http_request_bytes_in_flight ${bytesInFlight}`],
      ],
    ]);
  }
}

function durationLines(operation: string, { buckets, sumMs }: Observed): readonly string[] {
  const name = 'http_request_duration_seconds';
  const label = `operation="${operation}"`;
  let count = 0;
  const cumulative = buckets.map((inBucket, i) => {
    count += inBucket;
    const bound = BUCKET_BOUNDS_MS[i];
    const le = bound === undefined ? '+Inf' : bound / MS_PER_SECOND;
    return `${name}_bucket{${label},le="${le}"} ${count}`;
  });
  return [
    ...cumulative,
    `${name}_sum{${label}} ${sumMs / MS_PER_SECOND}`,
    `${name}_count{${label}} ${count}`,
  ];
}

type Family = readonly [name: string, type: string, help: string, samples: readonly string[]];

function lines(families: readonly Family[]): string {
  return families
    .flatMap(([name, type, help, samples]) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...samples,
    ])
    .map((line) => `${line}\n`)
    .join('');
}
