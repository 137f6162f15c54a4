// Where the bounds of the read store meet their settings.
import type { SQLITE_DEFAULTS } from '@deltabook/adapters/sqlite';
import type { Settings } from './settings';

type Bounds = { readonly [N in keyof typeof SQLITE_DEFAULTS]: number };

/** Every bound that the read store has, as the settings have it. */
export function readStoreBounds(settings: Settings): Bounds {
  return {
    keyFilterBytes: settings.KEY_FILTER_BYTES,
    batchCountMax: settings.PROJECTION_BATCH_MAX,
    pauseMs: settings.PROJECTION_PAUSE_MS,
    pauseMsMax: settings.PROJECTION_PAUSE_MS_MAX,
    retryMs: settings.PROJECTION_RETRY_MS,
    rowsCachedMax: settings.PROJECTION_ROWS_CACHED_MAX,
    checkpointPages: settings.READ_MODEL_CHECKPOINT_PAGES,
    customersListedMax: settings.CUSTOMERS_LISTED_MAX,
    searchMatchesCachedMax: settings.SEARCH_MATCHES_CACHED_MAX,
    indexPagesCachedMax: settings.INDEX_PAGES_CACHED_MAX,
    queriesPendingMax: settings.QUERIES_PENDING_MAX,
    waitersMax: settings.POSITION_WAITERS_MAX,
  };
}
