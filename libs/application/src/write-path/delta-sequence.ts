// The order of deltas that a door hands over in pieces (a topic's partition): once one of a
// customer is refused for now, the customer's later ones must not overtake it.
import type { WriteRefusalCode } from '../commands/emit-delta/emit-delta.command';

const FOR_NOW: ReadonlySet<WriteRefusalCode> = new Set<WriteRefusalCode>([
  'TENANT_OVERLOADED',
  'CUSTOMER_OVERLOADED',
  'SERVICE_OVERLOADED',
  'STORE_FULL',
  'STORE_UNAVAILABLE',
  'CONTENTION',
  'PROJECTION_BUILDING',
  'SHUTTING_DOWN',
  // The operator's to mend: no delta is to blame.
  'TENANT_UNKNOWN',
]);

/** True when the same delta may be accepted later, without anyone changing it. */
export function isRefusedForNow(code: WriteRefusalCode): boolean {
  return FOR_NOW.has(code);
}

interface Hold {
  readonly code: WriteRefusalCode;
  /** Place of the delta that was refused. */
  readonly at: number;
}

/** One run over consecutive deltas; a retry of what was refused starts a new one. */
export class DeltaSequence {
  private readonly holds = new Map<string, Hold>();
  private given = 0;

  /** True once anything was refused for now. */
  get isHolding(): boolean {
    return this.holds.size > 0;
  }

  /** Place of the next delta that is handed over. */
  nextPlace(): number {
    this.given += 1;
    return this.given;
  }

  /** Why the customer's delta at this place is not taken: an earlier one was refused for now. */
  heldBy(customerId: string, at: number): WriteRefusalCode | undefined {
    if (this.holds.size === 0) return undefined;
    const hold = this.holds.get(customerId);
    return hold && hold.at < at ? hold.code : undefined;
  }

  /** Takes note of a refusal; place 0 is before everything that was handed over. */
  refused(customerId: string, code: WriteRefusalCode, at: number): void {
    if (!isRefusedForNow(code)) return;
    const hold = this.holds.get(customerId);
    if (!hold || at < hold.at) this.holds.set(customerId, { code, at });
  }
}
