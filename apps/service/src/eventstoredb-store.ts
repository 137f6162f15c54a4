// EventStoreDB as the service opens it: the store of its settings, a lock on DATA_DIR, since the
// read models in it are this process’s own, and a look now and then at which node serves.
import { lockDataDir } from '@deltabook/adapters/embedded';
import {
  EventStoreDbEventStore,
  type EventStoreDbOptions,
  type StoreStatus,
} from '@deltabook/adapters/eventstoredb';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { OpenedEventStore } from './opened-event-store';
import type { Settings } from './settings';

/** A position is a place in the server's log, in bytes: these are 100,000 events of a kilobyte. */
const LAG_WARNED_BYTES = 100_000_000n;

export async function openEventStoreDb(
  settings: Settings,
  logger: Logger,
): Promise<OpenedEventStore> {
  const options = optionsOf(settings);
  const unlock = lockDataDir(settings.DATA_DIR);
  const store = await EventStoreDbEventStore.open(options, unlock).catch((error: unknown) => {
    unlock();
    throw error;
  });
  const watch = new StoreWatch(store, logger, settings.EVENT_STORE_STATUS_MS);
  await watch.look();
  return {
    store,
    projectorEntry: join(__dirname, 'eventstoredb-projector.thread.js'),
    publisherEntry: join(__dirname, 'eventstoredb-publisher.thread.js'),
    verifierEntry: join(__dirname, 'eventstoredb-verifier.thread.js'),
    auditorEntry: join(__dirname, 'eventstoredb-auditor.thread.js'),
    logSource: { ...options, storeId: store.storeId },
    figures: () => {
      const { appendsInFlight, appendsUnknown, appendsRepeated } = store.statistics;
      return {
        deltabook_event_store_reachable: watch.status.reachable ? 1 : 0,
        deltabook_event_store_appends_in_flight: appendsInFlight,
        deltabook_event_store_appends_unknown_total: appendsUnknown,
        deltabook_event_store_appends_repeated_total: appendsRepeated,
      };
    },
    health: () => {
      const { node = 'no node', serverVersion, reachable, reason = 'no answer' } = watch.status;
      const problem = reachable ? undefined : `the event store cannot be reached: ${reason}`;
      const place = `EventStoreDB ${serverVersion} at ${node}`;
      return { place, problem, lagWarned: LAG_WARNED_BYTES };
    },
  };
}

function optionsOf(settings: Settings): EventStoreDbOptions {
  return {
    connectionString: settings.EVENT_STORE,
    streamPrefix: settings.EVENT_STORE_PREFIX,
    caFile: settings.EVENT_STORE_CA_FILE,
    userFile: settings.EVENT_STORE_USER_FILE,
    passwordFile: settings.EVENT_STORE_PASSWORD_FILE,
    connectTimeoutMs: settings.EVENT_STORE_CONNECT_TIMEOUT_MS,
    appendTimeoutMs: settings.EVENT_STORE_APPEND_TIMEOUT_MS,
    readTimeoutMs: settings.EVENT_STORE_READ_TIMEOUT_MS,
    readRetryDelayMs: settings.EVENT_STORE_READ_RETRY_DELAY_MS,
    appendLanes: settings.EVENT_STORE_APPEND_LANES,
    appendsInFlightMax: settings.EVENT_STORE_APPENDS_IN_FLIGHT_MAX,
    readsInFlightMax: settings.EVENT_STORE_READS_IN_FLIGHT_MAX,
    readsPendingMax: settings.EVENT_STORE_READS_PENDING_MAX,
    keepAliveIntervalMs: settings.EVENT_STORE_KEEP_ALIVE_MS,
    keepAliveTimeoutMs: settings.EVENT_STORE_KEEP_ALIVE_TIMEOUT_MS,
    followBufferCountMax: settings.EVENT_STORE_FOLLOW_BUFFER_MAX,
    followBufferBytesMax: settings.EVENT_STORE_FOLLOW_BUFFER_BYTES_MAX,
    followRetryMinMs: settings.EVENT_STORE_FOLLOW_RETRY_MS,
    followRetryMaxMs: settings.EVENT_STORE_FOLLOW_RETRY_MS_MAX,
  };
}

/** Remembers what the last look at the store said; a change is logged. */
class StoreWatch {
  status: StoreStatus = {
    node: undefined,
    serverVersion: '',
    reachable: false,
    reason: undefined,
  };

  constructor(
    private readonly store: EventStoreDbEventStore,
    private readonly logger: Logger,
    private readonly everyMs: number,
  ) {}

  async look(): Promise<void> {
    const before = this.status;
    const { node, reachable, reason } = (this.status = await this.store.status());
    if (this.store.isClosed) return;
    if (!reachable && before.reachable) {
      this.logger.error({ node, reason }, 'the event store is away');
    } else if (reachable && (!before.reachable || before.node !== node)) {
      this.logger.info({ node, version: this.status.serverVersion }, 'the event store serves');
    }
    setTimeout(() => void this.look(), this.everyMs).unref();
  }
}
