// The built service under load, and a book of everything it acknowledged: at the end what it serves
// must equal what it acknowledged, customer by customer.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadGenerator } from './load/load-generator';
import type { LoadJob, LoadResult } from './load/load-job';
import { ServerProcess } from './targets/server-process';

/** Known to the service from its first start; not a secret of anyone. */
const API_KEY = 'pk_test_bench.0123456789abcdef0123456789abcdef';
const SERVICE = join(__dirname, '../../service/src/main.js');
const FILL_BATCH = 1_000;
const FILL_CONNECTIONS = 4;
const PAGE_LIMIT = 100;
/** Pause between looks at how far the verifier is. */
const VERIFIED_MS = 50;

export type Work = Pick<LoadJob, 'kind' | 'customers'> & Partial<LoadJob>;

/** Settings that the measured service is started with. */
export interface ServiceEnvironment {
  readonly DATA_DIR: string;
  readonly [name: string]: string;
}

interface Recorded {
  count: number;
  sum: number;
}

interface EmitReply {
  readonly recordId: string;
  readonly position: string;
}

interface CustomerRow {
  readonly customerId: string;
  readonly computedBalance: number;
  readonly totalDeltas: number;
}

export class Ledger {
  private readonly book = new Map<string, Recorded>();
  private jobCount = 0;

  private constructor(
    private readonly environment: ServiceEnvironment,
    private readonly generator: LoadGenerator,
    private running: ServerProcess,
    private readonly entry: string,
  ) {}

  /** `entry`: the module that is run; the product's own where none is given. */
  static async start(
    environment: ServiceEnvironment,
    generator: LoadGenerator,
    entry = SERVICE,
  ): Promise<Ledger> {
    return new Ledger(environment, generator, await startService(environment, entry), entry);
  }

  get service(): ServerProcess {
    return this.running;
  }

  /** Runs a job against the service and writes down what was acknowledged. */
  async run(work: Work): Promise<LoadResult> {
    this.jobCount += 1;
    const result = await this.generator.run({ ...this.job(work), ...work });
    this.acknowledge(work.customers.prefix, result.acknowledged);
    return result;
  }

  /** Writes down what was taken: deltas and their sums, by the customer's number. */
  acknowledge(prefix: string, { counts, sums }: LoadResult['acknowledged']): void {
    for (const [customer, count] of counts.entries()) {
      if (count > 0) this.note(`${prefix}${customer}`, count, sums[customer] ?? 0);
    }
  }

  private note(customerId: string, count: number, sum: number): void {
    const recorded = this.book.get(customerId) ?? { count: 0, sum: 0 };
    recorded.count += count;
    recorded.sum += sum;
    this.book.set(customerId, recorded);
  }

  /** A job's fields for this service; for another server of the same bodies, change the port. */
  job(work: Work): LoadJob {
    return {
      port: this.running.port,
      apiKey: API_KEY,
      batchSize: 1,
      connections: 1,
      seconds: 0,
      keyPrefix: `bench-${this.jobCount}`,
      seed: this.jobCount + 1,
      ...work,
    };
  }

  /** Records `deltaCount` deltas with keys, as fast as batches are taken. */
  async fill(customers: LoadJob['customers'], deltaCount: number): Promise<void> {
    let left = deltaCount;
    while (left > 0) {
      const batchSize = Math.min(FILL_BATCH, left);
      const requestCount = Math.floor(left / batchSize);
      const connections = Math.min(FILL_CONNECTIONS, requestCount);
      const work = { kind: 'batch', customers, batchSize, connections, requestCount } as const;
      const { acknowledged, statuses } = await this.run(work);
      const count = acknowledged.counts.reduce((sum, n) => sum + n, 0);
      if (count === 0) throw new Error(`no delta was stored: ${JSON.stringify(statuses)}`);
      left -= count;
      // What was refused, was so because more came than is projected: let that catch up.
      await this.waitFor(await this.newestPosition());
    }
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(this.running.url + path, { headers: { 'X-Api-Key': API_KEY } });
    const { data } = (await response.json()) as { readonly data: T };
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}`);
    return data;
  }

  /** The balance that is served of a customer; 0 while there is none. */
  async balanceOf(customerId: string): Promise<number> {
    const path = `${this.running.url}/api/v1/balance/customers/${customerId}?deltaLimit=1`;
    const response = await fetch(path, { headers: { 'X-Api-Key': API_KEY } });
    const { data } = (await response.json()) as { readonly data?: CustomerRow };
    return data?.computedBalance ?? 0;
  }

  /** Value of a metric of the service. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.running.url}/metrics`)).text();
    const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(text) ?? [];
    if (value === undefined) throw new Error(`the service has no metric ${name}`);
    return Number(value);
  }

  /** A position after which every write so far is visible; costs one delta of its own. */
  async newestPosition(): Promise<string> {
    return (await this.emit('bench-marker')).position;
  }

  /** Records one delta and gives its recordId. */
  async recordOne(customerId: string): Promise<string> {
    return (await this.emit(customerId)).recordId;
  }

  private async emit(customerId: string): Promise<EmitReply> {
    const response = await fetch(`${this.running.url}/api/v1/balance/delta`, {
      method: 'POST',
      headers: { 'X-Api-Key': API_KEY, 'Content-Type': 'application/json' },
      body: JSON.stringify({ customerId, delta: 1, reason: 'marker' }),
    });
    const { data } = (await response.json()) as { readonly data?: EmitReply };
    if (!data) throw new Error(`a delta was answered ${response.status}`);
    this.note(customerId, 1, 1);
    return data;
  }

  /** Compares every customer's balance and count with the book; gives what differs. */
  async differences(): Promise<readonly string[]> {
    const position = await this.newestPosition();
    await this.waitFor(position);
    const served = await this.customers(position);
    const differences: string[] = [];
    for (const [customerId, { count, sum }] of this.book) {
      const row = served.get(customerId);
      served.delete(customerId);
      if (row?.totalDeltas === count && row.computedBalance === sum) continue;
      const found = row ? `${row.totalDeltas} deltas, ${row.computedBalance}` : 'nothing';
      differences.push(`${customerId}: acknowledged ${count} deltas, ${sum}; served ${found}`);
    }
    return [...differences, ...[...served.keys()].map((customerId) => `${customerId}: unknown`)];
  }

  /** Waits until every write so far is verified; costs one delta of its own. */
  async waitUntilVerified(): Promise<void> {
    const position = Number(await this.newestPosition());
    while ((await this.metric('deltabook_verified_position')) < position) await delay(VERIFIED_MS);
  }

  /** Waits until reads show everything up to a position. */
  async waitFor(position: string): Promise<void> {
    const path = `/api/v1/balance/customers?limit=1&minPosition=${position}`;
    for (;;) {
      const response = await fetch(this.running.url + path, { headers: { 'X-Api-Key': API_KEY } });
      await response.arrayBuffer();
      if (response.ok) return;
      if (response.status !== 503) throw new Error(`GET ${path} answered ${response.status}`);
    }
  }

  /** Stops the service, lets `change` work on its folder, and starts it again. */
  async restart(change: (dataDir: string) => void | Promise<void>): Promise<void> {
    await this.running.stop();
    await change(this.environment.DATA_DIR);
    this.running = await startService(this.environment, this.entry);
  }

  stop(): Promise<void> {
    return this.running.stop();
  }

  private async customers(position: string): Promise<Map<string, CustomerRow>> {
    const served = new Map<string, CustomerRow>();
    for (let page = 1; ; page += 1) {
      const path = `/api/v1/balance/customers?page=${page}&limit=${PAGE_LIMIT}`;
      const { customers } = await this.get<{ readonly customers: readonly CustomerRow[] }>(
        `${path}&minPosition=${position}`,
      );
      for (const row of customers) served.set(row.customerId, row);
      if (customers.length < PAGE_LIMIT) return served;
    }
  }
}

function startService(environment: ServiceEnvironment, entry: string): Promise<ServerProcess> {
  return ServerProcess.start('the service', entry, {
    ...environment,
    DELTABOOK_API_KEY: API_KEY,
  });
}
