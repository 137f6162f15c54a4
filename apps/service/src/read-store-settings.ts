// Settings of the projector and the read models.
import { integer, MIB } from './setting-types';

export const READ_STORE_SETTINGS = {
  KEY_FILTER_BYTES: integer(
    32 * MIB,
    [65_536, 1_024 * MIB],
    'memory of the idempotency key filter; 3 bytes for each key keep it sharp',
  ),
  PROJECTION_BATCH_MAX: integer(100_000, [1, 200_000], 'events projected in one transaction'),
  PROJECTION_PAUSE_MS: integer(100, [0, 10_000], 'pause between two such transactions under load'),
  PROJECTION_PAUSE_MS_MAX: integer(
    300,
    [0, 10_000],
    'longest such pause, when those transactions take long',
  ),
  PROJECTION_RETRY_MS: integer(1_000, [1, 600_000], 'pause before projecting is tried again'),
  PROJECTION_ROWS_CACHED_MAX: integer(
    50_000,
    [100, 10_000_000],
    'customer rows that the projector keeps in memory',
  ),
  READ_MODEL_CHECKPOINT_PAGES: integer(
    10_000,
    [100, 1_000_000],
    "pages of the read models' write-ahead log before a checkpoint",
  ),
  CUSTOMERS_LISTED_MAX: integer(
    5_000_000,
    [1, 100_000_000],
    'customers that lists hold in memory, about 200 bytes each; beyond it lists are refused',
  ),
  SEARCH_MATCHES_CACHED_MAX: integer(
    1_000_000,
    [1, 1_000_000_000],
    'customers that past searches keep in memory, for each tenant and environment',
  ),
  INDEX_PAGES_CACHED_MAX: integer(
    4_096,
    [1, 10_000_000],
    'pages of the key index, and as many of the receipt index, in memory: 4 KiB each',
  ),
  QUERIES_PENDING_MAX: integer(
    10_000,
    [1, 10_000_000],
    'questions to the read models unanswered at once before 429',
  ),
  POSITION_WAITERS_MAX: integer(
    10_000,
    [1, 10_000_000],
    'reads that wait for minPosition at once; more are answered 503 at once',
  ),
} as const;
