// One customer's events as they come by in a round: recomputed, unless an earlier round has
// recomputed the very same.
import type { Sha256Hex } from '@deltabook/integrity';
import type { RecordedEvent } from '../ports/event-store.port';
import type { SealedHead } from '../read-models/rows';
import type { AuditedCustomer } from './audited-customer';
import { RecognizedEvents } from './recognized-events';
import type { RememberedHistories, RememberedHistory } from './remembered-histories';

/** What the seal logs say of a customer. */
export interface SealedSoFar {
  /** Its newest seal. */
  readonly head: SealedHead | undefined;
  /** What counts as the newest one before later ones are taken. */
  readonly verified: SealedHead | undefined;
}

export class CustomerReplay {
  private active: AuditedCustomer;
  private readonly events: RecognizedEvents<RememberedHistory>;

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
    const { histories, referenceHex, sha256Hex } = memory;
    const hash = histories.isKept ? sha256Hex : undefined;
    this.events = new RecognizedEvents(histories.get(referenceHex), hash);
  }

  /** The history as far as it is known; nothing of one that may be remembered. */
  get customer(): AuditedCustomer {
    return this.active;
  }

  /** True when the events are not those of before: they have to be looked at from the start. */
  get isDoubted(): boolean {
    return this.events.areOther;
  }

  /** False where the history fails, or while only earlier rounds know what it leads to. */
  get isSettled(): boolean {
    return !this.events.areAwaited && this.active.failure === undefined;
  }

  /** Looks at the next event of the stream; one that was seen is passed over. */
  take(event: RecordedEvent): void {
    const known = this.events.take(event);
    if (known === 'new') this.active.take(event);
    else if (known) this.goOnFrom(known.customer);
  }

  /** Takes note of the next seal. */
  takeVerified(verified: SealedHead): void {
    if (verified.size <= (this.sealed.verified?.size ?? 0)) return;
    this.sealed = { ...this.sealed, verified };
    this.active.takeVerified(verified);
  }

  /** After the last event of the round. `sealsHold`: whether seal logs are to be believed. */
  end(sealsHold: boolean): void {
    if (this.events.areAwaited) this.events.giveUp();
    if (this.events.areOther) return;
    this.active.endHistory(sealsHold);
    const { histories, referenceHex } = this.memory;
    const { active: customer } = this;
    if (customer.failure) return;
    histories.keep(referenceHex, { customer, ...this.events.seen });
  }

  private goOnFrom(customer: AuditedCustomer): void {
    this.active = customer;
    this.active.resume(this.sealed.head, this.sealed.verified);
  }
}
