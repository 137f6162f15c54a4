// Opens the stores that the settings ask for.
import { SqliteReadStore } from '@deltabook/adapters/sqlite';
import type { EventStore } from '@deltabook/application';
import type { Logger } from 'pino';
import { openEmbeddedStore } from './embedded-store';
import type { EventStoreHealth, OnFatal, OpenedEventStore } from './opened-event-store';
import { readStoreBounds } from './read-store-bounds';
import type { Settings } from './settings';

/** What composition roots of tests and the bench may put in the place of the product's own. */
export interface StoreOverrides {
  readonly logWriterEntry?: string;
  readonly projectorEntry?: string;
  /** For measuring what verifying costs; the product always verifies. */
  readonly withoutVerifier?: true;
  /** Of the write path alone. */
  readonly sha256Hex?: (text: string) => string;
  readonly decorateStore?: (store: EventStore) => EventStore;
}

export interface Stores {
  readonly events: EventStore;
  readonly readStore: SqliteReadStore;
  /** Bytes and counts of the stores, by the name of their metric. */
  readonly figures: () => Readonly<Record<string, number>>;
  readonly eventStoreHealth: () => EventStoreHealth;
  /** What other threads open the log from, and the entries that work from there. */
  readonly logSource: unknown;
  readonly publisherEntry: string;
  readonly verifierEntry: string;
  readonly auditorEntry: string;
}

interface StoreParts {
  readonly logger: Logger;
  readonly onFatal: OnFatal;
}

/** Opens the event store, then the read store that follows it. Throws what a user can mend. */
export async function openStores(
  settings: Settings,
  parts: StoreParts,
  overrides: StoreOverrides,
): Promise<Stores> {
  const { decorateStore = (store: EventStore) => store } = overrides;
  const opened = await openEventStore(settings, parts, overrides);
  const readStore = SqliteReadStore.open({
    dataDir: settings.DATA_DIR,
    storeId: opened.store.storeId,
    projectorEntry: overrides.projectorEntry ?? opened.projectorEntry,
    logSource: opened.logSource,
    ...readStoreBounds(settings),
    onFatal: parts.onFatal,
  });
  return {
    events: decorateStore(opened.store),
    readStore,
    logSource: opened.logSource,
    publisherEntry: opened.publisherEntry,
    verifierEntry: opened.verifierEntry,
    auditorEntry: opened.auditorEntry,
    figures: () => {
      const { fileBytes, walBytes } = readStore.sizes();
      return {
        ...opened.figures(),
        deltabook_read_models_bytes: fileBytes,
        deltabook_read_models_wal_bytes: walBytes,
      };
    },
    eventStoreHealth: opened.health,
  };
}

function openEventStore(
  settings: Settings,
  parts: StoreParts,
  { logWriterEntry }: StoreOverrides,
): Promise<OpenedEventStore> {
  if (settings.EVENT_STORE === 'embedded') {
    return openEmbeddedStore(settings, { ...parts, logWriterEntry });
  }
  // Loaded only when it is asked for: its client is a third of the start.
  const { openEventStoreDb } = require('./eventstoredb-store') as EventStoreDbModule;
  return openEventStoreDb(settings, parts.logger);
}

type EventStoreDbModule = typeof import('./eventstoredb-store');
