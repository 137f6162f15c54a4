// What is no delta and is still decided against a customer's state, such as a checkpoint: it takes
// its turn between two batches of deltas, so that neither can get in the other's way.
import type { Customer, EventText } from '@deltabook/domain';
import type { WriteRefusalCode } from '../commands/emit-delta/emit-delta.command';
import type { AppendOutcome, Position } from '../ports/event-store.port';
import type { CustomerState } from './customer-state';

/** Events to append after the state that was decided on, and the state after them. */
export interface Proposed {
  readonly events: readonly EventText[];
  readonly customer: Extract<Customer, { status: 'open' }>;
}

/**
 * Decides on a state; undefined when there is nothing to append. Called again, with another state,
 * when somebody else was faster.
 */
export type Propose = (customer: Customer) => Promise<Proposed | undefined>;

export type ProposalOutcome =
  | { readonly kind: 'appended'; readonly position: Position }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly code: WriteRefusalCode };

/** What of a mailbox a proposal is settled with. */
export interface ProposalSite {
  readonly state: Pick<CustomerState, 'current' | 'advance' | 'fellBehind' | 'forget'>;
  readonly conflictRetriesMax: number;
  readonly onConflict: () => void;
  /** True once no append of the mailbox is in doubt. */
  readonly settleDoubt: () => Promise<boolean>;
  readonly append: (before: Customer, events: readonly EventText[]) => Promise<AppendOutcome>;
}

export const REFUSAL_OF_OUTCOME = {
  'too-large': 'EVENT_TOO_LARGE',
  full: 'STORE_FULL',
  unknown: 'STORE_UNAVAILABLE',
} as const satisfies Record<string, WriteRefusalCode>;

/** Decides and appends, again while others are faster; never rejects. */
export async function settleProposal(
  propose: Propose,
  site: ProposalSite,
): Promise<ProposalOutcome> {
  const { state, onConflict } = site;
  try {
    if (!(await site.settleDoubt())) return refused('STORE_UNAVAILABLE');
    for (let attempt = 0; attempt <= site.conflictRetriesMax; attempt += 1) {
      const before = await state.current();
      const proposed = await propose(before);
      if (!proposed) return { kind: 'unchanged' };
      const outcome = await site.append(before, proposed.events);
      if (outcome.kind === 'appended') {
        state.advance(proposed.customer);
        return { kind: 'appended', position: outcome.position };
      }
      if (outcome.kind === 'unknown') state.forget();
      if (outcome.kind !== 'conflict') return refused(REFUSAL_OF_OUTCOME[outcome.kind]);
      onConflict();
      state.fellBehind();
    }
    return refused('CONTENTION');
  } catch {
    // The stores failed while reading: nothing was appended.
    state.forget();
    return refused('STORE_UNAVAILABLE');
  }
}

function refused(code: WriteRefusalCode): ProposalOutcome {
  return { kind: 'refused', code };
}
