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
]);

/** True when the same delta may be accepted later, without anyone changing it. */
export function isRefusedForNow(code: WriteRefusalCode): boolean {
  return FOR_NOW.has(code);
}

/** One run over consecutive deltas; a retry of what was refused starts a new one. */
export class DeltaSequence {
  private readonly held = new Map<string, WriteRefusalCode>();

  /** True once anything was refused for now. */
  get isHolding(): boolean {
    return this.held.size > 0;
  }

  /** Why no more of this customer's deltas are taken, if an earlier one was refused for now. */
  heldBy(customerId: string): WriteRefusalCode | undefined {
    return this.held.size === 0 ? undefined : this.held.get(customerId);
  }

  /** Takes note of a refusal. */
  refused(customerId: string, code: WriteRefusalCode): void {
    if (isRefusedForNow(code) && !this.held.has(customerId)) this.held.set(customerId, code);
  }
}
