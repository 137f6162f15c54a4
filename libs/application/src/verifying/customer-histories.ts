// The histories that the verifier has at hand: lately used ones, two generations of at most half
// the bound each, and whoever is to be committed or waits for a round, however long that takes.
import type { Sha256, Sha256Hex } from '@deltabook/integrity';
import type { VerificationStore } from '../ports/verification-store.port';
import { CustomerHistory, unseenCustomer } from './customer-history';

export interface HistoriesParts {
  readonly store: Pick<VerificationStore, 'customer' | 'lastCustomerNo' | 'customerTile'>;
  readonly sha256: Sha256;
  readonly sha256Hex: Sha256Hex;
}

export class CustomerHistories {
  /** By the 40 lower-case hex digits of the reference. */
  private current = new Map<string, CustomerHistory>();
  private previous = new Map<string, CustomerHistory>();
  /** How many came to `current` one by one. */
  private cameCount = 0;
  private changed: CustomerHistory[] = [];
  /** Touched since the last round, or left over by it. */
  private waiting: CustomerHistory[] = [];
  private lastNo: number;

  constructor(
    private readonly parts: HistoriesParts,
    private readonly cachedMax: number,
  ) {
    this.lastNo = parts.store.lastCustomerNo();
  }

  /** True when someone is to be sealed or fenced. */
  get hasWork(): boolean {
    return this.waiting.some((one) => one.isUnsealed || one.isUnfenced);
  }

  /** Customers changed since they were last taken to be committed. */
  get changedCount(): number {
    return this.changed.length;
  }

  /** By reference; it waits for the next round and is committed with the others. */
  touch(reference: string): CustomerHistory {
    return this.get(reference.slice('0x'.length).toLowerCase());
  }

  /** By the 40 lower-case hex digits of the reference. */
  get(referenceHex: string): CustomerHistory {
    const history = this.current.get(referenceHex) ?? this.bring(referenceHex);
    if (!history.isChanged) this.changed.push(history);
    if (!history.isWaiting) this.waiting.push(history);
    history.isChanged = true;
    history.isWaiting = true;
    return history;
  }

  /** Whom the next round looks at. */
  waitingOnes(): readonly CustomerHistory[] {
    return [...this.waiting];
  }

  /** Ends a round, after which only those go on waiting for whom there is something to do. */
  keepWaiting(hasWork: (history: CustomerHistory) => boolean): void {
    for (const one of this.waiting) one.isWaiting = hasWork(one);
    this.waiting = this.waiting.filter((one) => one.isWaiting);
  }

  /** Those changed, which the caller commits: until committed() they count as changed. */
  takeChanged(): CustomerHistory[] {
    const taken = this.changed;
    this.changed = [];
    return taken;
  }

  /** They are in the store as they are now. */
  committed(histories: readonly CustomerHistory[]): void {
    for (const one of histories) one.isChanged = false;
  }

  private bring(referenceHex: string): CustomerHistory {
    const history = this.previous.get(referenceHex) ?? this.load(referenceHex);
    if (this.cameCount >= this.cachedMax / 2) this.nextGeneration();
    this.current.set(history.referenceHex, history);
    this.cameCount += 1;
    return history;
  }

  /** Lets go whoever was not used for long, and is held for nothing else. */
  private nextGeneration(): void {
    const oldest = this.previous;
    this.previous = this.current;
    this.current = new Map();
    this.cameCount = 0;
    for (const [referenceHex, one] of oldest) {
      const isHeld = one.isChanged || one.isWaiting;
      if (isHeld && !this.previous.has(referenceHex)) this.current.set(referenceHex, one);
    }
  }

  private load(referenceHex: string): CustomerHistory {
    const stored = this.parts.store.customer(referenceHex);
    if (stored) return new CustomerHistory(stored, this.parts);
    this.lastNo += 1;
    return new CustomerHistory(unseenCustomer(this.lastNo, referenceHex), this.parts);
  }
}
