// Opens the stores that the settings ask for.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { SqliteReadStore } from '@deltabook/adapters/sqlite';
import type { EventStore } from '@deltabook/application';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { readStoreBounds } from './read-store-bounds';
import type { Settings } from './settings';

/** What a test's composition root may put in the place of the product's own. */
export interface StoreOverrides {
  readonly logWriterEntry?: string;
  readonly projectorEntry?: string;
  readonly decorateStore?: (store: EventStore) => EventStore;
}

export interface Stores {
  readonly events: EventStore;
  readonly readStore: SqliteReadStore;
  /** Bytes and counts of the store's files, by the name of their metric. */
  readonly sizes: () => Readonly<Record<string, number>>;
}

/** Ends the process: what is on disk is not known any more, so nothing may be acknowledged. */
export type OnFatal = (error: Error) => void;

/** Opens the event store, then the read store that follows it. Throws what a user can mend. */
export async function openStores(
  settings: Settings,
  { logger, onFatal }: { readonly logger: Logger; readonly onFatal: OnFatal },
  overrides: StoreOverrides,
): Promise<Stores> {
  const { logWriterEntry, decorateStore = (store: EventStore) => store } = overrides;
  const embedded = await EmbeddedEventStore.open({
    dataDir: settings.DATA_DIR,
    callsInFlightMax: settings.COMMIT_CALLS_IN_FLIGHT,
    checkpointPages: settings.LOG_CHECKPOINT_PAGES,
    ...(logWriterEntry === undefined ? {} : { writerEntry: logWriterEntry }),
    onFatal,
    onCatchUp: (done, total) => logger.info({ done, total }, 'the stream index catches up'),
  });
  const readStore = SqliteReadStore.open({
    dataDir: settings.DATA_DIR,
    storeId: embedded.storeId,
    projectorEntry: overrides.projectorEntry ?? join(__dirname, 'projector.thread.js'),
    logSource: embedded.handle,
    ...readStoreBounds(settings),
    onFatal,
  });
  return {
    events: decorateStore(embedded),
    readStore,
    sizes: () => {
      const { fileBytes, walBytes: rowsWalBytes } = readStore.sizes();
      const { logBytes, walBytes, unindexed } = embedded.sizes();
      return {
        deltabook_log_bytes: logBytes,
        deltabook_log_wal_bytes: walBytes,
        deltabook_log_events_unindexed: unindexed,
        deltabook_read_models_bytes: fileBytes,
        deltabook_read_models_wal_bytes: rowsWalBytes,
      };
    },
  };
}
