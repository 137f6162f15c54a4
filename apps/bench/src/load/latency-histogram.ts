// Latencies in buckets of about 0.8 % width, so that a round of a million requests stays small.

const SUB_BITS = 7;
const SUB_COUNT = 1 << SUB_BITS;
const MAGNITUDES = 26;

export class LatencyHistogram {
  private readonly buckets = new Uint32Array(SUB_COUNT * MAGNITUDES);
  private count = 0;
  private maxMicros = 0;

  record(ms: number): void {
    const micros = Math.max(0, Math.round(ms * 1_000));
    const bucket = Math.min(bucketOf(micros), this.buckets.length - 1);
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
    this.count += 1;
    if (micros > this.maxMicros) this.maxMicros = micros;
  }

  /** Milliseconds that `share` of all requests did not exceed. */
  quantile(share: number): number {
    const wanted = Math.ceil(this.count * share);
    let seen = 0;
    for (const [bucket, count] of this.buckets.entries()) {
      seen += count;
      if (seen >= wanted && count > 0) return Math.min(upperOf(bucket), this.maxMicros) / 1_000;
    }
    return 0;
  }

  get max(): number {
    return this.maxMicros / 1_000;
  }
}

function bucketOf(micros: number): number {
  const magnitude = Math.max(0, 31 - Math.clz32(micros) - SUB_BITS);
  return magnitude * SUB_COUNT + (micros >>> magnitude);
}

/** The greatest value of a bucket; buckets below SUB_COUNT * 2 hold one value each. */
function upperOf(bucket: number): number {
  const magnitude = Math.max(0, Math.floor(bucket / SUB_COUNT) - 1);
  const sub = bucket - magnitude * SUB_COUNT;
  return (sub + 1) * 2 ** magnitude - 1;
}
