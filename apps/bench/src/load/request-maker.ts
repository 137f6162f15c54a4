// Makes the requests of a job: every write has a new key, customers and amounts are drawn from a
// seeded generator, so that the same seed gives the same requests.
import type { LoadJob } from './load-job';

const AMOUNT_MAX = 1_000;

/** A request's text and what it asks to be recorded, as pairs of customer and amount. */
export interface MadeRequest {
  readonly text: string;
  readonly customers: readonly number[];
  readonly amounts: readonly number[];
}

export class RequestMaker {
  private state: number;
  private keyCount = 0;

  constructor(private readonly job: LoadJob) {
    this.state = job.seed >>> 0 || 1;
  }

  next(): MadeRequest {
    switch (this.job.kind) {
      case 'single':
        return this.single();
      case 'batch':
        return this.batch();
      case 'read':
        return this.read();
    }
  }

  private single(): MadeRequest {
    const customer = this.below(this.job.customers.count);
    const amount = this.below(AMOUNT_MAX) + 1;
    const text = this.post('/api/v1/balance/delta', this.item(customer, amount, ''), this.key());
    return { text, customers: [customer], amounts: [amount] };
  }

  private batch(): MadeRequest {
    const customers: number[] = [];
    const amounts: number[] = [];
    const items: string[] = [];
    for (let i = 0; i < this.job.batchSize; i += 1) {
      const customer = this.below(this.job.customers.count);
      const amount = this.below(AMOUNT_MAX) + 1;
      customers.push(customer);
      amounts.push(amount);
      items.push(this.item(customer, amount, `,"idempotencyKey":"${this.key()}"`));
    }
    const body = `{"deltas":[${items.join(',')}]}`;
    return { text: this.post('/api/v1/balance/delta/batch', body), customers, amounts };
  }

  private read(): MadeRequest {
    const { apiKey, customers } = this.job;
    const name = `${customers.prefix}${this.below(customers.count)}`;
    const text =
      `GET /api/v1/balance/customers/${name} HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
      `X-Api-Key: ${apiKey}\r\n\r\n`;
    return { text, customers: [], amounts: [] };
  }

  private item(customer: number, amount: number, more: string): string {
    const name = `${this.job.customers.prefix}${customer}`;
    return `{"customerId":"${name}","delta":${amount},"reason":"api_usage"${more}}`;
  }

  private key(): string {
    this.keyCount += 1;
    return `${this.job.keyPrefix}-${this.keyCount}`;
  }

  /** Bodies are ASCII: their length is their byte count. */
  private post(path: string, body: string, key?: string): string {
    const keyHeader = key === undefined ? '' : `Idempotency-Key: ${key}\r\n`;
    return (
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Api-Key: ${this.job.apiKey}\r\n${keyHeader}` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    );
  }

  /** A whole number below `count` (xorshift32). */
  private below(count: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return this.state % count;
  }
}
