// Makes the messages of a job: customers and amounts are drawn from a seeded generator.
import type { Message } from '@deltabook/adapters/kafka';
import type { LoadResult } from './load-job';
import { SeededNumbers } from './seeded-numbers';
import type { SendJob } from './topic-job';

const AMOUNT_MAX = 1_000;

export class DeltaMessages {
  /** What was made so far. */
  readonly made: LoadResult['acknowledged'];
  private readonly numbers: SeededNumbers;
  private count = 0;

  constructor(private readonly job: Omit<SendJob, 'brokers'>) {
    const { count } = job.customers;
    this.made = { counts: new Float64Array(count), sums: new Float64Array(count) };
    this.numbers = new SeededNumbers(job.seed);
  }

  next(): Message {
    const { customers, keyPrefix } = this.job;
    const customer = this.numbers.below(customers.count);
    const amount = this.numbers.below(AMOUNT_MAX) + 1;
    const { counts, sums } = this.made;
    counts[customer] = (counts[customer] ?? 0) + 1;
    sums[customer] = (sums[customer] ?? 0) + amount;
    this.count += 1;
    const name = `${customers.prefix}${customer}`;
    const key = `${keyPrefix}-${this.count}`;
    const delta = `"customerId":"${name}","delta":${amount},"reason":"api_usage"`;
    return { key: name, value: `{${delta},"idempotencyKey":"${key}"}` };
  }
}
