// Builds what commits checkpoints, from settings and the write path.
import {
  CheckpointCommitter,
  CheckpointFactsReader,
  type EventStore,
  type ReadStore,
} from '@deltabook/application';
import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from './settings';
import type { WritePath } from './write-path';

export interface CheckpointParts {
  readonly settings: Settings;
  readonly store: EventStore;
  readonly readStore: ReadStore;
  readonly writePath: WritePath;
}

export function buildCheckpoints(parts: CheckpointParts): CheckpointCommitter {
  const { settings, store, readStore, writePath } = parts;
  const { mailboxes, customers, commitQueue } = writePath;
  return new CheckpointCommitter({
    mailboxes,
    customers,
    commitQueue,
    readStore,
    facts: new CheckpointFactsReader(store, readStore),
    bounds: { waitMs: settings.CHECKPOINT_WAIT_MS, pollMs: settings.CHECKPOINT_POLL_MS },
    elapsedMs: () => performance.now(),
    pause: (ms) => delay(ms),
  });
}
