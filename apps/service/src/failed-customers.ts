// Customers whose history failed in a round of the continuous check: they are audited once more
// before their own streams say so; what is found a second time is no accident of reading.
import {
  appendFence,
  UNKNOWN_EVENT,
  type AuditedState,
  type FenceParts,
} from '@deltabook/application/threads';
import { customerStream, referenceHexOfStream } from '@deltabook/domain';
import { setTimeout as delay } from 'node:timers/promises';

export interface FailedCustomersParts {
  readonly relay: FenceParts['log'];
  readonly signal: AbortSignal;
  readonly retry: { readonly unknownRetriesMax: number; readonly unknownRetryDelayMs: number };
  /** Replays histories anew, by the hex digits of their customers' references. */
  readonly replay: (only: ReadonlySet<string>) => Promise<readonly AuditedState[]>;
  readonly onFenced: FenceParts['onFenced'];
}

export class FailedCustomers {
  private settling: Promise<void> = Promise.resolve();
  /** Found since the last replay began: the next one is of all of them at once. */
  private waiting = new Set<string>();

  constructor(private readonly parts: FailedCustomersParts) {}

  add(customer: AuditedState): void {
    if (!isToBeFenced(customer)) return;
    const stream = customerStream(customer.identity.reference);
    this.waiting.add(referenceHexOfStream(stream) ?? '');
    if (this.waiting.size === 1) this.settling = this.settling.then(() => this.settleWaiting());
  }

  /** Rejects with what kept a customer from being audited or fenced. */
  settled(): Promise<void> {
    return this.settling;
  }

  private async settleWaiting(): Promise<void> {
    const { waiting } = this;
    this.waiting = new Set();
    for (const customer of await this.parts.replay(waiting)) await this.fence(customer);
  }

  private async fence(customer: AuditedState): Promise<void> {
    const { relay, retry, signal, onFenced } = this.parts;
    const { identity, revision, recordedAt, failure } = customer;
    if (!failure || !isToBeFenced(customer)) return;
    const pause = (ms: number): Promise<void> =>
      delay(ms, undefined, { signal }).catch(() => undefined);
    const now = (): number => Date.now();
    const parts = { log: relay, retry: { ...retry, pause }, now, onFenced };
    const stream = customerStream(identity.reference);
    await appendFence({ stream, revision, recordedAt, failure }, parts);
  }
}

/** What a newer build may have written is no failure of the history. */
function isToBeFenced({ fenced, failure }: AuditedState): boolean {
  return !fenced && failure !== undefined && !failure.problems.includes(UNKNOWN_EVENT);
}
