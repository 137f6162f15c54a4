// Commits checkpoints through the customers' mailboxes: waits a moment for what is recorded to be
// verified, then decides against the customer's state like any other command.
import {
  decideCommitCheckpoint,
  type CheckpointDecision,
  type CheckpointFacts,
  type Customer,
  type Period,
} from '@deltabook/domain';
import type { CheckpointOutcome } from '../commands/commit-checkpoint/commit-checkpoint.command';
import type { Origin } from '../commands/emit-delta/emit-delta.command';
import type { CustomerDirectory } from '../customers/customer-directory';
import type { Position } from '../ports/event-store.port';
import type { ReadStore } from '../ports/read-store.port';
import { NO_DELTAS } from '../queries/delta-places';
import type { CommitQueue } from '../write-path/commit-queue';
import type { Mailboxes } from '../write-path/mailboxes';
import type { Proposed } from '../write-path/proposal';
import type { CheckpointFactsReader } from './checkpoint-facts';

export interface CheckpointCommitterParts {
  readonly mailboxes: Pick<Mailboxes, 'propose'>;
  readonly customers: CustomerDirectory;
  readonly facts: CheckpointFactsReader;
  readonly readStore: Pick<ReadStore, 'customers' | 'waitFor' | 'projectedPosition'>;
  readonly commitQueue: Pick<CommitQueue, 'newestPosition'>;
  readonly bounds: CheckpointBounds;
  /** Milliseconds of a monotonic clock. */
  readonly elapsedMs: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

export interface CheckpointBounds {
  /** How long a checkpoint waits for recorded deltas to be verified. */
  readonly waitMs: number;
  /** Pause between two looks at how far they are. */
  readonly pollMs: number;
}

/** What is decided on where there is nothing to read, or nothing may be believed. */
const NO_FACTS: CheckpointFacts = {
  opening: NO_DELTAS,
  recordedSequence: 0,
  verified: NO_DELTAS,
  earlier: undefined,
};

export class CheckpointCommitter {
  constructor(private readonly parts: CheckpointCommitterParts) {}

  /** Commits the period's checkpoint of one customer, or finds it. */
  async commit(
    origin: Origin,
    customerId: string,
    period: Period,
    waitMs = this.parts.bounds.waitMs,
  ): Promise<CheckpointOutcome> {
    const { mailboxes, customers } = this.parts;
    const customer = customers.names(origin.tenant, origin.environment, customerId);
    if (!customer) return { kind: 'refused', code: 'TENANT_UNKNOWN' };
    if (waitMs > 0) await this.untilVerified(customer.reference, waitMs);
    let decision: CheckpointDecision | undefined;
    const outcome = await mailboxes.propose(origin, customerId, async (state) => {
      decision = await this.decide(customer.reference, period, { state, now: origin.now });
      return proposedBy(decision);
    });
    if (outcome.kind === 'refused') return outcome;
    if (!decision) throw new Error('a proposal was settled without a decision');
    if (decision.kind === 'refused') return decision;
    const { kind, checkpoint } = decision;
    const position = outcome.kind === 'appended' ? outcome.position : this.newestPosition();
    return { kind, customer, checkpoint, position };
  }

  private async decide(
    reference: string,
    period: Period,
    { state, now }: { readonly state: Customer; readonly now: number },
  ): Promise<CheckpointDecision> {
    const isOpen = state.status === 'open' && !state.fenced;
    const facts = isOpen ? await this.parts.facts.read(reference, period, state) : NO_FACTS;
    return decideCommitCheckpoint({ period, now }, state, facts);
  }

  /**
   * Waits, for a bounded time, until everything that this process knows to be recorded now is
   * verified: so a checkpoint covers what its caller has just emitted.
   */
  private async untilVerified(reference: string, waitMs: number): Promise<void> {
    const { readStore, bounds, elapsedMs, pause } = this.parts;
    const deadline = elapsedMs() + waitMs;
    await readStore.waitFor(this.newestPosition(), waitMs);
    const [before] = await readStore.customers([reference]);
    let row = before;
    while (before && row && !row.fenced && row.verifiedDeltas < before.totalDeltas) {
      if (elapsedMs() >= deadline) return;
      await pause(bounds.pollMs);
      [row] = await readStore.customers([reference]);
    }
  }

  private newestPosition(): Position {
    const { commitQueue, readStore } = this.parts;
    const projected = readStore.projectedPosition();
    return commitQueue.newestPosition > projected ? commitQueue.newestPosition : projected;
  }
}

function proposedBy(decision: CheckpointDecision): Proposed | undefined {
  return decision.kind === 'committed' ? decision : undefined;
}
