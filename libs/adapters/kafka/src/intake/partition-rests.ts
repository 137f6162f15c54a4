// How long partitions rest whose deltas are refused for now: each time twice as long as before, up
// to a bound, until the partition has gone on.

export interface RestsOptions {
  readonly firstMs: number;
  readonly mostMs: number;
}

export class PartitionRests {
  /** By topic and partition. */
  private readonly rests = new Map<
    string,
    { readonly timer: NodeJS.Timeout; readonly ms: number }
  >();

  constructor(private readonly options: RestsOptions) {}

  /** Calls `resume` after a rest; gives its length in milliseconds. */
  begin(place: string, resume: () => void): number {
    const { firstMs, mostMs } = this.options;
    const before = this.rests.get(place);
    clearTimeout(before?.timer);
    const ms = Math.min(mostMs, before ? before.ms * 2 : firstMs);
    this.rests.set(place, { ms, timer: setTimeout(resume, ms) });
    return ms;
  }

  /** The next rest is a first one again. */
  wentOn(place: string): void {
    this.rests.delete(place);
  }

  /** Resumes nothing more. */
  clear(): void {
    for (const { timer } of this.rests.values()) clearTimeout(timer);
    this.rests.clear();
  }
}
