// Histories that one round of the continuous check leaves to the next, so that what has not changed
// is hashed once and not recomputed.
import type { AuditedCustomer } from './audited-customer';

export interface RememberedHistory {
  readonly customer: AuditedCustomer;
  /** Hash over all texts of the history, each with the hash before. */
  readonly chain: string;
  /** Revision of the last event that went into it. */
  readonly revision: number;
}

export class RememberedHistories {
  private before = new Map<string, RememberedHistory>();
  private now = new Map<string, RememberedHistory>();

  /** `customersMax`: histories kept at most; the others are recomputed in each round. */
  constructor(private readonly customersMax: number) {}

  /** False when nothing is remembered, so that there is no use in hashing for it. */
  get isKept(): boolean {
    return this.customersMax > 0;
  }

  /** By the reference's hex digits, what the round before has left. */
  get(referenceHex: string): RememberedHistory | undefined {
    return this.before.get(referenceHex);
  }

  keep(referenceHex: string, history: RememberedHistory): void {
    if (this.now.size < this.customersMax) this.now.set(referenceHex, history);
  }

  /** The next round goes by what this one has kept. */
  endRound(): void {
    this.before = this.now;
    this.now = new Map();
  }

  /** After a round that broke off: its customers have moved on from what was hashed of them. */
  forget(): void {
    this.before.clear();
    this.now.clear();
  }
}
