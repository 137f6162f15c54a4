// The histories that the verifier has at hand: those changed since the last commit, and lately
// used ones, two generations of at most half the bound each.
import type { Sha256, Sha256Hex } from '@deltabook/integrity';
import type { VerificationStore } from '../ports/verification-store.port';
import { CustomerHistory, unseenCustomer } from './customer-history';

export interface HistoriesParts {
  readonly store: Pick<VerificationStore, 'customer' | 'lastCustomerNo' | 'customerTile'>;
  readonly sha256: Sha256;
  readonly sha256Hex: Sha256Hex;
}

export class CustomerHistories {
  private readonly changed = new Map<string, CustomerHistory>();
  private current = new Map<string, CustomerHistory>();
  private previous = new Map<string, CustomerHistory>();
  /** Touched since the last round, or left over by it; held here however long that takes. */
  private readonly waiting = new Map<string, CustomerHistory>();
  private lastNo: number;

  constructor(
    private readonly parts: HistoriesParts,
    private readonly cachedMax: number,
  ) {
    this.lastNo = parts.store.lastCustomerNo();
  }

  /** True when someone is to be sealed or fenced. */
  get hasWork(): boolean {
    for (const one of this.waiting.values()) if (one.isUnsealed || one.isUnfenced) return true;
    return false;
  }

  /** Customers that the next commit writes. */
  get changedCount(): number {
    return this.changed.size;
  }

  /** By reference; it waits for the next round and is committed with the others. */
  touch(reference: string): CustomerHistory {
    return this.get(reference.slice('0x'.length).toLowerCase());
  }

  /** By the 40 lower-case hex digits of the reference. */
  get(referenceHex: string): CustomerHistory {
    const changed = this.changed.get(referenceHex);
    const history = changed ?? this.find(referenceHex);
    if (!changed) this.changed.set(referenceHex, history);
    if (!history.isWaiting) this.waiting.set(referenceHex, history);
    history.isWaiting = true;
    return history;
  }

  /** Whom the next round looks at. */
  waitingOnes(): readonly CustomerHistory[] {
    return [...this.waiting.values()];
  }

  /** Ends a round, after which only those go on waiting for whom there is something to do. */
  keepWaiting(hasWork: (history: CustomerHistory) => boolean): void {
    for (const [referenceHex, one] of this.waiting) {
      one.isWaiting = hasWork(one);
      if (!one.isWaiting) this.waiting.delete(referenceHex);
    }
  }

  /** Names of those changed. */
  changedOnes(): string[] {
    return [...this.changed.keys()];
  }

  /** Some of those changed, to be committed; they stay at hand. */
  takeChanged(names: readonly string[]): readonly CustomerHistory[] {
    const taken: CustomerHistory[] = [];
    for (const referenceHex of names) {
      const history = this.changed.get(referenceHex);
      if (!history) continue;
      taken.push(history);
      this.changed.delete(referenceHex);
      if (this.current.size >= this.cachedMax / 2) {
        this.previous = this.current;
        this.current = new Map();
      }
      this.current.set(referenceHex, history);
    }
    return taken;
  }

  private find(referenceHex: string): CustomerHistory {
    return (
      this.waiting.get(referenceHex) ??
      this.current.get(referenceHex) ??
      this.previous.get(referenceHex) ??
      this.load(referenceHex)
    );
  }

  private load(referenceHex: string): CustomerHistory {
    const stored = this.parts.store.customer(referenceHex);
    if (stored) return new CustomerHistory(stored, this.parts);
    this.lastNo += 1;
    return new CustomerHistory(unseenCustomer(this.lastNo, referenceHex), this.parts);
  }
}
