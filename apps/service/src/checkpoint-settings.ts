// Settings of checkpoints.
import { integer } from './setting-types';

export const CHECKPOINT_SETTINGS = {
  CHECKPOINT_WAIT_MS: integer(
    3_000,
    [0, 60_000],
    'how long a checkpoint waits for recorded deltas to be verified',
  ),
  CHECKPOINT_POLL_MS: integer(50, [1, 10_000], 'pause between two looks at how far they are'),
} as const;
