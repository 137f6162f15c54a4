// The embedded event store as the service opens it.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { OnFatal, OpenedEventStore } from './opened-event-store';
import type { Settings } from './settings';

/** A position is a count of events. */
const LAG_WARNED_EVENTS = 100_000n;

export interface EmbeddedStoreParts {
  readonly logger: Logger;
  readonly onFatal: OnFatal;
  /** A test's writer thread. */
  readonly logWriterEntry?: string | undefined;
}

export async function openEmbeddedStore(
  settings: Settings,
  { logger, onFatal, logWriterEntry }: EmbeddedStoreParts,
): Promise<OpenedEventStore> {
  const store = await EmbeddedEventStore.open({
    dataDir: settings.DATA_DIR,
    callsInFlightMax: settings.COMMIT_CALLS_IN_FLIGHT,
    checkpointPages: settings.LOG_CHECKPOINT_PAGES,
    ...(logWriterEntry === undefined ? {} : { writerEntry: logWriterEntry }),
    onFatal,
    onCatchUp: (done, total) => logger.info({ done, total }, 'the stream index catches up'),
  });
  return {
    store,
    projectorEntry: join(__dirname, 'projector.thread.js'),
    publisherEntry: join(__dirname, 'publisher.thread.js'),
    verifierEntry: join(__dirname, 'verifier.thread.js'),
    auditorEntry: join(__dirname, 'auditor.thread.js'),
    logSource: store.handle,
    figures: () => {
      const { logBytes, walBytes, unindexed } = store.sizes();
      return {
        deltabook_log_bytes: logBytes,
        deltabook_log_wal_bytes: walBytes,
        deltabook_log_events_unindexed: unindexed,
      };
    },
    health: () => ({ place: 'embedded', problem: undefined, lagWarned: LAG_WARNED_EVENTS }),
  };
}
