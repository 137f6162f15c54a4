// Opens the read store from settings: the one place where its bounds meet their settings.
import type { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { SqliteReadStore } from '@deltabook/adapters/sqlite';
import { join } from 'node:path';
import type { Settings } from './settings';

/** Starts projecting; throws what DATA_DIR may cause. `onFatal`: the process must end. */
export function openReadStore(
  settings: Settings,
  store: Pick<EmbeddedEventStore, 'storeId' | 'handle'>,
  onFatal: (error: Error) => void,
): SqliteReadStore {
  return SqliteReadStore.open({
    dataDir: settings.DATA_DIR,
    storeId: store.storeId,
    projectorEntry: join(__dirname, 'projector.thread.js'),
    logSource: store.handle,
    keyFilterBytes: settings.KEY_FILTER_BYTES,
    batchCountMax: settings.PROJECTION_BATCH_MAX,
    pauseMs: settings.PROJECTION_PAUSE_MS,
    retryMs: settings.PROJECTION_RETRY_MS,
    rowsCachedMax: settings.PROJECTION_ROWS_CACHED_MAX,
    checkpointPages: settings.READ_MODEL_CHECKPOINT_PAGES,
    customersListedMax: settings.CUSTOMERS_LISTED_MAX,
    searchMatchesCachedMax: settings.SEARCH_MATCHES_CACHED_MAX,
    queriesPendingMax: settings.QUERIES_PENDING_MAX,
    waitersMax: settings.POSITION_WAITERS_MAX,
    onFatal,
  });
}
