// What a client knows of its writes: which were acknowledged, with what, and which got no answer.
import type { ServiceProcess } from '../support/service-process';

const CUSTOMERS = 20;

interface Acknowledged {
  readonly customerId: string;
  readonly delta: number;
  readonly recordId: string;
  readonly sequenceNumber: number;
  readonly computedBalanceDecimal: string;
}

/** A client that writes with a key each, and remembers every answer. */
export class WrittenDeltas {
  readonly acknowledged = new Map<string, Acknowledged>();
  /** Sent, but the connection ended before an answer: stored or not, never half. */
  readonly unanswered = new Map<string, { readonly customerId: string; readonly delta: number }>();
  /** Reads at this position see every acknowledged write. */
  lastPosition = '0';
  private count = 0;

  /** Writes with `clients` at once until the service is gone or `stop` is true. */
  async write(service: ServiceProcess, clients: number, stop: () => boolean): Promise<void> {
    await Promise.all(Array.from({ length: clients }, () => this.writeUntilGone(service, stop)));
  }

  private async writeUntilGone(service: ServiceProcess, stop: () => boolean): Promise<void> {
    while (!stop()) {
      this.count += 1;
      const key = `key-${this.count}`;
      const delta = { customerId: `cust_${this.count % CUSTOMERS}`, delta: (this.count % 7) + 1 };
      this.unanswered.set(key, delta);
      const answered = await this.send(service, key, delta).catch(() => false);
      if (!answered) return;
    }
  }

  /** Sends one delta under its key; true when it was acknowledged. */
  async send(
    service: ServiceProcess,
    key: string,
    delta: { readonly customerId: string; readonly delta: number },
  ): Promise<boolean> {
    const body = { ...delta, reason: 'usage' };
    const reply = await service.post('/api/v1/balance/delta', body, { 'Idempotency-Key': key });
    if (reply.status !== 201) return false;
    const data: Acknowledged & { position: string } = reply.body.data;
    if (BigInt(data.position) > BigInt(this.lastPosition)) this.lastPosition = data.position;
    const { recordId, sequenceNumber, computedBalanceDecimal } = data;
    this.acknowledged.set(key, { ...delta, recordId, sequenceNumber, computedBalanceDecimal });
    this.unanswered.delete(key);
    return true;
  }
}
