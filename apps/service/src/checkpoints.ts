// Builds what commits checkpoints, for one customer and for all, from settings and the write path.
import {
  CheckpointCommitter,
  CheckpointFactsReader,
  CheckpointFinder,
  CheckpointJobs,
  Slots,
  type EventStore,
  type ReadStore,
  type TenantDirectoryInMemory,
  type Tenants,
} from '@deltabook/application';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Settings } from './settings';
import type { WritePath } from './write-path';

export interface CheckpointParts {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly store: EventStore;
  readonly readStore: ReadStore;
  readonly directory: TenantDirectoryInMemory;
  readonly tenants: Tenants;
  readonly writePath: WritePath;
}

export interface Checkpoints {
  readonly committer: CheckpointCommitter;
  readonly jobs: CheckpointJobs;
  readonly finder: CheckpointFinder;
}

export function buildCheckpoints(parts: CheckpointParts): Checkpoints {
  const { settings, logger, store, readStore, directory, tenants, writePath } = parts;
  const { mailboxes, customers, commitQueue } = writePath;
  const waitMs = settings.CHECKPOINT_WAIT_MS;
  const pause = (ms: number): Promise<unknown> => delay(ms);
  const committer = new CheckpointCommitter({
    mailboxes,
    customers,
    commitQueue,
    readStore,
    facts: new CheckpointFactsReader(store, readStore),
    bounds: { waitMs, pollMs: settings.CHECKPOINT_POLL_MS },
    elapsedMs: () => performance.now(),
    pause,
  });
  const jobs = new CheckpointJobs({
    committer,
    tenants,
    directory,
    readStore,
    commitQueue,
    slots: new Slots(settings.CHECKPOINTS_IN_FLIGHT_MAX),
    bounds: {
      pageCount: settings.CHECKPOINT_PAGE_MAX,
      retryMs: settings.CHECKPOINT_RETRY_MS,
    },
    waitMs,
    now: () => Date.now(),
    pause,
    onCompleted: (tenant, checkpointId, progress) =>
      logger.info({ tenant, checkpointId, ...progress }, 'checkpoints for all customers are done'),
  });
  const finder = new CheckpointFinder({ store, readStore, directory: customers });
  return { committer, jobs, finder };
}
