// How busy the main thread is, where another thread can see it.
import { performance, type EventLoopUtilization } from 'node:perf_hooks';

const MEASURED_MS = 1_000;
const ALL_PERCENT = 100;

export class LoadMeter {
  /** One Int32: percent of the last second in which the event loop was not waiting. */
  readonly shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  private readonly load = new Int32Array(this.shared);
  private last: EventLoopUtilization = performance.eventLoopUtilization();
  private readonly timer = setInterval(() => this.measure(), MEASURED_MS).unref();

  close(): void {
    clearInterval(this.timer);
  }

  private measure(): void {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.last);
    this.last = now;
    Atomics.store(this.load, 0, Math.round(utilization * ALL_PERCENT));
  }
}
