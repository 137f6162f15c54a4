// Requests for checkpoints of all customers: asked for in the tenant's stream, carried on by every
// process that finds them there unfinished, and noted there once they are done.
import {
  checkpointsId,
  decideCompleteCheckpoints,
  decideRequestCheckpoints,
  latestRequest,
  type CheckpointsRequest,
  type Environment,
  type Period,
} from '@deltabook/domain';
import type { TenantDirectoryInMemory } from '../access/tenant-directory';
import type { AccessOrigin, AccessRefusalCode, Tenants } from '../access/tenants';
import type { Position } from '../ports/event-store.port';
import type { ReadStore } from '../ports/read-store.port';
import type { CommitQueue } from '../write-path/commit-queue';
import { CheckpointJob, type CheckpointJobParts, type CheckpointProgress } from './checkpoint-job';

export interface CheckpointJobsParts extends CheckpointJobParts {
  readonly tenants: Pick<Tenants, 'change'>;
  readonly directory: Pick<TenantDirectoryInMemory, 'all' | 'tenant'>;
  readonly readStore: CheckpointJobParts['readStore'] &
    Pick<ReadStore, 'onDirectoryEvents' | 'waitFor' | 'projectedPosition'>;
  readonly commitQueue: Pick<CommitQueue, 'newestPosition'>;
  /** How long a request waits for what is recorded to be projected. */
  readonly waitMs: number;
  readonly onCompleted: (tenant: string, id: string, progress: CheckpointProgress) => void;
}

/** A request as it stands now. */
export interface CheckpointsStanding {
  /** See checkpointsId() of the domain. */
  readonly id: string;
  readonly request: CheckpointsRequest;
  /** Undefined once it is completed, and where this process is not at it. */
  readonly progress: CheckpointProgress | undefined;
}

export type RequestCheckpointsOutcome =
  | {
      readonly kind: 'requested';
      readonly standing: CheckpointsStanding;
      readonly position: Position;
    }
  | { readonly kind: 'refused'; readonly code: AccessRefusalCode };

export interface CheckpointsWanted {
  readonly tenant: string;
  readonly environment: Environment;
  readonly period: Period;
}

export class CheckpointJobs {
  private readonly ending = new AbortController();
  /** Those under way, by tenant and request. */
  private readonly jobs = new Map<string, CheckpointJob>();
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly parts: CheckpointJobsParts) {}

  /** Carries on what was asked for and is not done, now and whenever more is asked for. */
  start(): void {
    this.parts.readStore.onDirectoryEvents(() => this.takeUp());
    this.takeUp();
  }

  /** Leaves everything as it is; what is under way for single customers is finished. */
  async stop(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.running);
  }

  async request(
    origin: AccessOrigin,
    wanted: CheckpointsWanted,
  ): Promise<RequestCheckpointsOutcome> {
    const { readStore, tenants, waitMs } = this.parts;
    const { tenant, environment, period } = wanted;
    await readStore.waitFor(this.newestPosition(), waitMs);
    const { deltas: recordedDeltas } = await readStore.totals(tenant, environment);
    const command = { environment, period, recordedDeltas, now: origin.now };
    const outcome = await tenants.change(tenant, origin, (state) =>
      decideRequestCheckpoints(command, state),
    );
    if (outcome.kind === 'refused') return outcome;
    this.takeUp();
    const request = latestRequest(outcome.tenant, environment, period.period);
    if (!request) throw new Error('a request was appended and is not there');
    const position = outcome.position ?? this.newestPosition();
    return { kind: 'requested', standing: this.standing(tenant, request), position };
  }

  /** A request of the tenant's environment by its revision, if there is such. */
  find(
    tenant: string,
    environment: Environment,
    revision: number,
  ): CheckpointsStanding | undefined {
    const state = this.parts.directory.tenant(tenant);
    const request = state.status === 'open' ? state.checkpoints.get(revision) : undefined;
    return request?.requested.environment === environment
      ? this.standing(tenant, request)
      : undefined;
  }

  private standing(tenant: string, request: CheckpointsRequest): CheckpointsStanding {
    const progress = this.jobs.get(keyOf(tenant, request))?.progress;
    return { id: checkpointsId(request.revision), request, progress };
  }

  private takeUp(): void {
    if (this.ending.signal.aborted) return;
    for (const { tenant, checkpoints } of this.parts.directory.all()) {
      for (const request of checkpoints.values()) {
        if (!request.completed && !this.jobs.has(keyOf(tenant, request))) {
          this.begin(tenant, request);
        }
      }
    }
  }

  private begin(tenant: string, request: CheckpointsRequest): void {
    const id = checkpointsId(request.revision);
    const job = new CheckpointJob(tenant, id, request, this.parts);
    this.jobs.set(keyOf(tenant, request), job);
    const run = this.run(tenant, id, job);
    this.running.add(run);
    void run.finally(() => this.running.delete(run));
  }

  private async run(tenant: string, id: string, job: CheckpointJob): Promise<void> {
    const { signal } = this.ending;
    if (!(await job.run(signal)) || !(await this.untilVisible(signal))) return;
    const { customers, ...counts } = job.progress;
    while (!signal.aborted) {
      if (await this.complete(tenant, { request: job.request.revision, ...counts }, id)) {
        this.jobs.delete(keyOf(tenant, job.request));
        return this.parts.onCompleted(tenant, id, job.progress);
      }
      await this.parts.pause(this.parts.bounds.retryMs);
    }
  }

  /** Whoever is told that all have theirs finds them: false when the signal came first. */
  private async untilVisible(signal: AbortSignal): Promise<boolean> {
    const { readStore, waitMs } = this.parts;
    const position = this.newestPosition();
    while (!signal.aborted) {
      if (await readStore.waitFor(position, waitMs)) return true;
      await this.parts.pause(this.parts.bounds.retryMs);
    }
    return false;
  }

  /** True once the tenant's stream says that the request is done. */
  private async complete(
    tenant: string,
    counts: Omit<Parameters<typeof decideCompleteCheckpoints>[0], 'now'>,
    correlationId: string,
  ): Promise<boolean> {
    const now = this.parts.now();
    const origin = { door: 'job', actor: 'checkpoints', correlationId, now } as const;
    try {
      const outcome = await this.parts.tenants.change(tenant, origin, (state) =>
        decideCompleteCheckpoints({ ...counts, now }, state),
      );
      return outcome.kind === 'done';
    } catch {
      // The store is out of reach: later.
      return false;
    }
  }

  private newestPosition(): Position {
    const { commitQueue, readStore } = this.parts;
    const projected = readStore.projectedPosition();
    return commitQueue.newestPosition > projected ? commitQueue.newestPosition : projected;
  }
}

const keyOf = (tenant: string, { revision }: CheckpointsRequest): string => `${tenant}/${revision}`;
