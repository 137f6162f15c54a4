// Makes the requests of a job: every write has a new key, customers and amounts are drawn from a
// seeded generator, so that the same seed gives the same requests.
import type { LoadJob } from './load-job';
import { SeededNumbers } from './seeded-numbers';

const AMOUNT_MAX = 1_000;
/** Rows of a page, as the dashboard asks for them. */
const PAGE_LIMIT = 25;
const ORDERS = [
  '',
  '&sortBy=customerId',
  '&sortBy=balance&sortOrder=desc',
  '&sortBy=totalDeltas&sortOrder=desc',
  '&sortBy=lastActivity',
];
/** What somebody has typed so far: from the second letter on. */
const SEARCH_LENGTH_MIN = 2;

/** A request's text and what it asks to be recorded, as pairs of customer and amount. */
export interface MadeRequest {
  readonly text: string;
  readonly customers: readonly number[];
  readonly amounts: readonly number[];
}

export class RequestMaker {
  private readonly numbers: SeededNumbers;
  private keyCount = 0;
  private turn = 0;

  constructor(private readonly job: LoadJob) {
    this.numbers = new SeededNumbers(job.seed);
  }

  next(): MadeRequest {
    switch (this.job.kind) {
      case 'single':
        return this.single();
      case 'batch':
        return this.batch();
      case 'read':
        return this.get(`customers/${this.customerId(this.customer())}`);
      case 'list':
        return this.list();
      case 'search':
        return this.search();
    }
  }

  private single(): MadeRequest {
    const customer = this.customer();
    const amount = this.numbers.below(AMOUNT_MAX) + 1;
    const text = this.post('/api/v1/balance/delta', this.item(customer, amount, ''), this.key());
    return { text, customers: [customer], amounts: [amount] };
  }

  private batch(): MadeRequest {
    const customers: number[] = [];
    const amounts: number[] = [];
    const items: string[] = [];
    for (let i = 0; i < this.job.batchSize; i += 1) {
      const customer = this.customer();
      const amount = this.numbers.below(AMOUNT_MAX) + 1;
      customers.push(customer);
      amounts.push(amount);
      items.push(this.item(customer, amount, `,"idempotencyKey":"${this.key()}"`));
    }
    const body = `{"deltas":[${items.join(',')}]}`;
    return { text: this.post('/api/v1/balance/delta/batch', body), customers, amounts };
  }

  private list(): MadeRequest {
    const pages = Math.ceil(this.job.customers.count / PAGE_LIMIT);
    return this.get(
      `customers?limit=${PAGE_LIMIT}&page=${this.numbers.below(pages) + 1}${this.order()}`,
    );
  }

  private search(): MadeRequest {
    const customerId = this.customerId(this.customer());
    const start = this.numbers.below(customerId.length - SEARCH_LENGTH_MIN + 1);
    const length = SEARCH_LENGTH_MIN + this.numbers.below(customerId.length - start - 1);
    const piece = encodeURIComponent(customerId.slice(start, start + length));
    return this.get(`customers?limit=${PAGE_LIMIT}&search=${piece}${this.order()}`);
  }

  private order(): string {
    return ORDERS[this.numbers.below(ORDERS.length)] ?? '';
  }

  private get(path: string): MadeRequest {
    const text =
      `GET /api/v1/balance/${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
      `X-Api-Key: ${this.job.apiKey}\r\n\r\n`;
    return { text, customers: [], amounts: [] };
  }

  /** Number of the customer that the next item is of. */
  private customer(): number {
    const { areInTurn = false, count } = this.job.customers;
    if (!areInTurn) return this.numbers.below(count);
    const customer = this.turn % count;
    this.turn += 1;
    return customer;
  }

  private customerId(customer: number): string {
    return `${this.job.customers.prefix}${customer}`;
  }

  private item(customer: number, amount: number, more: string): string {
    const customerId = this.customerId(customer);
    return `{"customerId":"${customerId}","delta":${amount},"reason":"api_usage"${more}}`;
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
}
