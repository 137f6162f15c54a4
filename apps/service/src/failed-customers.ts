// Customers whose history failed in a round of the continuous check: each is audited once more,
// alone, before its own stream says so; what is found a second time is no accident of reading.
import {
  appendFence,
  UNKNOWN_EVENT,
  type AuditedState,
  type CustomerAudit,
  type FenceParts,
} from '@deltabook/application/threads';
import { customerStream, referenceHexOfStream } from '@deltabook/domain';
import { setTimeout as delay } from 'node:timers/promises';

export interface FailedCustomersParts {
  readonly relay: FenceParts['log'];
  readonly signal: AbortSignal;
  readonly retry: { readonly unknownRetriesMax: number; readonly unknownRetryDelayMs: number };
  /** Audits one customer anew. */
  readonly audit: (referenceHex: string) => Promise<CustomerAudit>;
  readonly onFenced: FenceParts['onFenced'];
}

export class FailedCustomers {
  private settling: Promise<void> = Promise.resolve();

  constructor(private readonly parts: FailedCustomersParts) {}

  add(customer: AuditedState): void {
    if (isToBeFenced(customer)) this.settling = this.settling.then(() => this.settle(customer));
  }

  /** Rejects with what kept a customer from being audited or fenced. */
  settled(): Promise<void> {
    return this.settling;
  }

  private async settle({ identity }: AuditedState): Promise<void> {
    const { audit, relay, retry, signal, onFenced } = this.parts;
    const stream = customerStream(identity.reference);
    const { customer } = await audit(referenceHexOfStream(stream) ?? '');
    if (!customer?.failure || !isToBeFenced(customer)) return;
    const { revision, recordedAt, failure } = customer;
    const pause = (ms: number): Promise<void> =>
      delay(ms, undefined, { signal }).catch(() => undefined);
    const now = (): number => Date.now();
    const parts = { log: relay, retry: { ...retry, pause }, now, onFenced };
    await appendFence({ stream, revision, recordedAt, failure }, parts);
  }
}

/** What a newer build may have written is no failure of the history. */
function isToBeFenced({ fenced, failure }: AuditedState): boolean {
  return !fenced && failure !== undefined && !failure.problems.includes(UNKNOWN_EVENT);
}
