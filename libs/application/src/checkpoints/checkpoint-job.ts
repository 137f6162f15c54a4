// One request for checkpoints of all customers: goes through the customers page by page and commits
// what is missing. Begun again it passes over what is there, so a crash costs nothing but time.
import { parsePeriod, type CheckpointsRequest, type Period } from '@deltabook/domain';
import type { CheckpointOutcome } from '../commands/commit-checkpoint/commit-checkpoint.command';
import type { Origin } from '../commands/emit-delta/emit-delta.command';
import type { ReadStore } from '../ports/read-store.port';
import type { CheckpointRow } from '../read-models/checkpoint-rows';
import type { ListedCustomer } from '../read-models/rows';
import type { CheckpointCommitter } from './checkpoint-committer';
import type { Slots } from './slots';

export interface CheckpointJobParts {
  readonly committer: Pick<CheckpointCommitter, 'commit'>;
  readonly readStore: Pick<ReadStore, 'customerPage' | 'periodCheckpoints' | 'totals'>;
  /** Places for customers, shared by all jobs of the process. */
  readonly slots: Slots;
  readonly bounds: CheckpointJobBounds;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

export interface CheckpointJobBounds {
  /** Customers read at once. */
  readonly pageCount: number;
  /** Pause before what could not be done yet is tried again. */
  readonly retryMs: number;
}

export interface CheckpointProgress {
  /** Customers there are to see. */
  readonly customers: number;
  /** Of them with a checkpoint, without any delta by the end of the period, and fenced. */
  readonly committed: number;
  readonly empty: number;
  readonly fenced: number;
}

type Settled = 'committed' | 'empty' | 'fenced';

export class CheckpointJob {
  private readonly counts = { committed: 0, empty: 0, fenced: 0 };
  private readonly period: Period | undefined;
  private customers = 0;

  /** `id` of the request, as callers name it. */
  constructor(
    private readonly tenant: string,
    private readonly id: string,
    readonly request: CheckpointsRequest,
    private readonly parts: CheckpointJobParts,
  ) {
    this.period = parsePeriod(request.requested.period);
  }

  get progress(): CheckpointProgress {
    return { customers: this.customers, ...this.counts };
  }

  /** Resolves with true once every customer was seen, with false when the signal came first. */
  async run(signal: AbortSignal): Promise<boolean> {
    const { readStore, bounds } = this.parts;
    const { environment } = this.request.requested;
    const totals = await this.untilDone(signal, () => readStore.totals(this.tenant, environment));
    this.customers = totals?.customers ?? 0;
    // Customers keep their places in order of appearance; later ones come after these.
    const pages = Math.ceil(this.customers / bounds.pageCount);
    for (let page = 1; page <= pages && !signal.aborted; page += 1) {
      await this.untilDone(signal, () => this.seePage(page, signal));
    }
    return !signal.aborted;
  }

  private async seePage(page: number, signal: AbortSignal): Promise<void> {
    const { readStore, slots, bounds } = this.parts;
    const { environment, period } = this.request.requested;
    const { customers } = await readStore.customerPage({
      ...{ tenant: this.tenant, environment, search: '', sortBy: 'firstAppearance' },
      ...{ sortOrder: 'asc', page, limit: bounds.pageCount },
    });
    const references = customers.map(({ reference }) => reference);
    const existing = await readStore.periodCheckpoints(references, period);
    await Promise.all(
      customers.map((row, i) =>
        slots.run(async () => {
          const settled = await this.settle(row, existing[i], signal);
          if (settled) this.counts[settled] += 1;
        }),
      ),
    );
  }

  /** What becomes of one customer; undefined when the signal came first. */
  private async settle(
    row: ListedCustomer,
    existing: CheckpointRow | undefined,
    signal: AbortSignal,
  ): Promise<Settled | undefined> {
    const { committer, now } = this.parts;
    const { period } = this;
    if (row.fenced) return 'fenced';
    if (!period || this.isDone(row, existing)) return 'committed';
    const { environment } = this.request.requested;
    const place = { tenant: this.tenant, environment, door: 'job', actor: 'checkpoints' } as const;
    return this.untilDone(signal, async () => {
      const origin: Origin = { ...place, correlationId: this.id, now: now() };
      const waitMs = row.verifiedDeltas < row.totalDeltas ? undefined : 0;
      const settled = settledBy(await committer.commit(origin, row.customerId, period, waitMs));
      if (settled) return settled;
      throw new NotYetError();
    });
  }

  /** True for what this request made before, and where nothing was added since. */
  private isDone(row: ListedCustomer, existing: CheckpointRow | undefined): boolean {
    if (!existing) return false;
    const requestedAt = Date.parse(this.request.requested.requestedAt);
    return existing.committedAt >= requestedAt || existing.sequence >= row.totalDeltas;
  }

  /** Tries again until it is done, or gives up when the signal comes. */
  private async untilDone<T>(
    signal: AbortSignal,
    attempt: () => Promise<T>,
  ): Promise<T | undefined> {
    while (!signal.aborted) {
      try {
        return await attempt();
      } catch {
        // Stores that are busy or out of reach, and deltas that are not verified yet.
        await this.parts.pause(this.parts.bounds.retryMs);
      }
    }
    return undefined;
  }
}

/** It will be done later. */
class NotYetError extends Error {}

/** Undefined for what may be done later. */
function settledBy(outcome: CheckpointOutcome): Settled | undefined {
  if (outcome.kind !== 'refused') return 'committed';
  switch (outcome.code) {
    case 'CUSTOMER_FENCED':
      return 'fenced';
    case 'NOTHING_TO_CHECKPOINT':
    case 'CUSTOMER_NOT_FOUND':
      return 'empty';
    default:
      return undefined;
  }
}
