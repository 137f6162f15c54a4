// Runs one job against one server: a fixed number of connections, each sending its next
// request when the last is answered, or a fixed rate that does not wait for answers.
import { Connection, type Answer } from './connection';
import { LatencyHistogram } from './latency-histogram';
import type { LoadJob, LoadResult } from './load-job';
import { RequestMaker, type MadeRequest } from './request-maker';

const TICK_MS = 1;
const MICROS_PER_SECOND = 1_000_000;
const BATCH_REFUSED = /"totalFailed":(?!0,)/;

export class JobRun {
  private readonly histogram = new LatencyHistogram();
  private readonly statuses: Record<number, number> = {};
  private readonly acknowledged: LoadResult['acknowledged'];
  private readonly connections: readonly Connection[];
  private readonly idle: Connection[] = [];
  /** When each request is due that no connection was free for. */
  private readonly overdue: number[] = [];
  private readonly maker: RequestMaker;
  private sent = 0;
  private answered = 0;
  private replyBytes = 0;
  private startedAt = 0;
  private endsAt = 0;
  private done: () => void = () => undefined;

  constructor(private readonly job: LoadJob) {
    const { count } = job.customers;
    this.acknowledged = { counts: new Float64Array(count), sums: new Float64Array(count) };
    this.maker = new RequestMaker(job);
    this.connections = Array.from({ length: job.connections }, () => new Connection(job.port));
  }

  async run(): Promise<LoadResult> {
    const cpu = process.cpuUsage();
    this.startedAt = performance.now();
    this.endsAt = this.startedAt + this.job.seconds * 1_000;
    await new Promise<void>((resolve) => {
      this.done = resolve;
      this.idle.push(...this.connections);
      this.begin(this.job.ratePerSecond);
    });
    const seconds = (performance.now() - this.startedAt) / 1_000;
    for (const connection of this.connections) connection.close();
    const { user, system } = process.cpuUsage(cpu);
    return {
      requests: this.answered,
      seconds,
      latencies: {
        p50: this.histogram.quantile(0.5),
        p99: this.histogram.quantile(0.99),
        p999: this.histogram.quantile(0.999),
        max: this.histogram.max,
      },
      statuses: this.statuses,
      replyBytes: this.replyBytes,
      cpuSeconds: (user + system) / MICROS_PER_SECOND,
      acknowledged: this.acknowledged,
    };
  }

  private begin(ratePerSecond: number | undefined): void {
    if (ratePerSecond !== undefined) return this.tick(ratePerSecond, 0);
    for (const _ of this.connections) if (!this.isOver) this.sendDue();
    return undefined;
  }

  private get isOver(): boolean {
    const { requestCount } = this.job;
    return requestCount === undefined
      ? performance.now() >= this.endsAt
      : this.sent >= requestCount;
  }

  /** Makes requests due at the rate, from the start of the job on. */
  private tick(ratePerSecond: number, dueCount: number): void {
    if (this.isOver) return this.endWhenAnswered();
    const elapsed = performance.now() - this.startedAt;
    const due = Math.floor((elapsed / 1_000) * ratePerSecond);
    for (let n = dueCount; n < due; n += 1) {
      this.overdue.push(this.startedAt + (n / ratePerSecond) * 1_000);
      this.sendDue();
    }
    setTimeout(() => this.tick(ratePerSecond, due), TICK_MS);
  }

  /** Sends the next request on a free connection, if there is one. */
  private sendDue(): void {
    const isRated = this.job.ratePerSecond !== undefined;
    if (isRated && this.overdue.length === 0) return;
    const connection = this.idle.pop();
    if (!connection) return;
    const dueAt = isRated ? (this.overdue.shift() ?? 0) : performance.now();
    const request = this.maker.next();
    this.sent += 1;
    connection.send(request.text, (answer) => {
      this.histogram.record(performance.now() - dueAt);
      this.count(request, answer);
      this.idle.push(connection);
      if (!isRated && !this.isOver) this.sendDue();
      else if (isRated) this.sendDue();
      this.endWhenAnswered();
    });
  }

  private count(request: MadeRequest, { status, bodyBytes, bodyStart }: Answer): void {
    this.answered += 1;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    if (status < 200 || status > 299) return;
    this.replyBytes = bodyBytes;
    if (BATCH_REFUSED.test(bodyStart)) throw new Error(`a batch was refused in part: ${bodyStart}`);
    this.acknowledge(request);
  }

  private acknowledge({ amounts, customers }: MadeRequest): void {
    const { counts, sums } = this.acknowledged;
    for (const [index, customer] of customers.entries()) {
      counts[customer] = (counts[customer] ?? 0) + 1;
      sums[customer] = (sums[customer] ?? 0) + (amounts[index] ?? 0);
    }
  }

  private endWhenAnswered(): void {
    if (this.isOver && this.overdue.length === 0 && this.answered === this.sent) this.done();
  }
}
