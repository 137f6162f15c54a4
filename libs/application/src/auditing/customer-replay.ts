// One customer's events as they come by in a round: recomputed, unless they are to the byte those
// that an earlier round has recomputed. Telling that takes one hash of each.
import type { Sha256Hex } from '@deltabook/integrity';
import { NO_STREAM, type RecordedEvent } from '../ports/event-store.port';
import type { AuditedCustomer } from './audited-customer';
import type { SealedHead } from './audited-state';
import type { RememberedHistories, RememberedHistory } from './remembered-histories';

/** What the seal logs say of a customer. */
export interface SealedSoFar {
  /** Its newest seal. */
  readonly head: SealedHead | undefined;
  /** Deltas that count as verified before newer seals are taken. */
  readonly verified: number;
}

export class CustomerReplay {
  private active: AuditedCustomer;
  /** What the events seen so far may yet turn out to be. */
  private hoped: RememberedHistory | undefined;
  private chain = '';
  private revision = NO_STREAM;
  private isOther = false;

  constructor(
    fresh: AuditedCustomer,
    private sealed: SealedSoFar,
    private readonly memory: {
      readonly histories: RememberedHistories;
      readonly referenceHex: string;
      readonly sha256Hex: Sha256Hex;
    },
  ) {
    this.active = fresh;
    fresh.resume(sealed.head, sealed.verified);
    this.hoped = memory.histories.get(memory.referenceHex);
  }

  /** The history as far as it is known; nothing of one that may be remembered. */
  get customer(): AuditedCustomer {
    return this.active;
  }

  /** True when the events are not those of before: they have to be looked at from the start. */
  get isDoubted(): boolean {
    return this.isOther;
  }

  /** False where the history fails, or while only earlier rounds know what it leads to. */
  get isSettled(): boolean {
    return this.hoped === undefined && this.active.failure === undefined;
  }

  /** Looks at the next event of the stream; one that was seen is passed over. */
  take(event: RecordedEvent): void {
    const { revision, type, data } = event;
    if (revision <= this.revision) return;
    const isNext = revision === this.revision + 1;
    this.revision = revision;
    if (this.isOther) return;
    const { histories, sha256Hex } = this.memory;
    // The length tells where the type ends: moved into the data, a character is another event.
    if (histories.isKept) this.chain = sha256Hex(`${this.chain}${type.length} ${type}${data}`);
    if (this.hoped === undefined) this.active.take(event);
    else if (!isNext || revision > this.hoped.revision) this.isOther = true;
    else if (revision === this.hoped.revision) this.meet(this.hoped);
  }

  /** The first `size` deltas are sealed. */
  takeVerified(size: number): void {
    this.sealed = { ...this.sealed, verified: Math.max(size, this.sealed.verified) };
    this.active.takeVerified(size);
  }

  /** After the last event of the round. `sealsHold`: whether seal logs are to be believed. */
  end(sealsHold: boolean): void {
    if (this.hoped !== undefined) this.isOther = true;
    if (this.isOther) return;
    this.active.endHistory(sealsHold);
    const { histories, referenceHex } = this.memory;
    const { active: customer, chain, revision } = this;
    if (customer.failure) return;
    histories.keep(referenceHex, { customer, chain, revision });
  }

  private meet(hoped: RememberedHistory): void {
    if (hoped.chain !== this.chain) {
      this.isOther = true;
      return;
    }
    this.hoped = undefined;
    this.active = hoped.customer;
    this.active.resume(this.sealed.head, this.sealed.verified);
  }
}
