// A customer's state as this process knows it. It is read once, then kept up by what this process
// appends; when another process writes to the same customer, what that one appended is read first.
import type { Customer } from '@deltabook/domain';
import type { CustomerLoader } from './customer-loader';

export interface CustomerStateParts {
  readonly loader: Pick<CustomerLoader, 'load'>;
  /** Milliseconds of a monotonic clock. */
  readonly elapsedMs: () => number;
  /** How long after a conflict the stream is read before each decision. */
  readonly sharedCustomerMs: number;
}

export class CustomerState {
  private known: Customer | undefined;
  private behind = false;
  private sharedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly reference: string,
    private readonly parts: CustomerStateParts,
  ) {}

  /** True when the state to decide on is at hand. */
  get isCurrent(): boolean {
    const { elapsedMs } = this.parts;
    const { known } = this;
    const isKept = !this.behind && elapsedMs() >= this.sharedUntilMs;
    return known !== undefined && isKept && !isFenced(known);
  }

  /**
   * The state to decide on. Of two processes that append to one customer, the one that lost has to
   * read; if the one that won did not, it would be a read ahead every time and win for ever.
   */
  current(): Promise<Customer> | Customer {
    return this.known && this.isCurrent ? this.known : this.readOn();
  }

  private async readOn(): Promise<Customer> {
    this.known = await this.parts.loader.load(this.reference, this.known);
    this.behind = false;
    return this.known;
  }

  /** After an append of this process. */
  advance(customer: Customer): void {
    this.known = customer;
  }

  /** After a conflict: others append here too. */
  fellBehind(): void {
    const { elapsedMs, sharedCustomerMs } = this.parts;
    this.behind = true;
    this.sharedUntilMs = elapsedMs() + sharedCustomerMs;
  }

  /** When what is stored is not known. */
  forget(): void {
    this.known = undefined;
  }
}

/** Nothing of this process is appended to a fenced customer: its release is another's to see. */
const isFenced = (known: Customer): boolean => known.status === 'open' && known.fenced;
