// Settings of checkpoints.
import { integer } from './setting-types';

export const CHECKPOINT_SETTINGS = {
  CHECKPOINT_WAIT_MS: integer(
    3_000,
    [0, 60_000],
    'how long a checkpoint waits for recorded deltas to be verified',
  ),
  CHECKPOINT_POLL_MS: integer(50, [1, 10_000], 'pause between two looks at how far they are'),
  CHECKPOINTS_IN_FLIGHT_MAX: integer(
    32,
    [1, 1_000],
    'customers at once that get a checkpoint asked for for all',
  ),
  CHECKPOINT_PAGE_MAX: integer(500, [1, 10_000], 'customers read at once for that'),
  CHECKPOINT_RETRY_MS: integer(
    250,
    [10, 60_000],
    'pause before a customer whose checkpoint cannot be made yet is tried again',
  ),
} as const;
