// The service, put together: stores, directory, write path, verifier, doors.
import {
  accessPrimitives,
  keccak256Hex,
  saltSource,
  sha256Hex,
} from '@deltabook/adapters/node-crypto';
import {
  ensureInstallation,
  TenantDirectoryInMemory,
  Tenants,
  type AppendRetry,
  type EventStore,
  type Installation,
  type ReadStore,
} from '@deltabook/application';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { startAuditor } from './auditor';
import { MeteredEventStore } from './metered-event-store';
import type { Settings } from './settings';
import type { OnFatal } from './opened-event-store';
import { openDoors, type RunningService, type ServiceParts } from './service-doors';
import { openStores, type StoreOverrides } from './stores';
import { showFirstKey } from './first-key';
import { startVerifier } from './verifier';
import { buildWritePath } from './write-path';

/** Resolves once it listens. Throws errors whose message is one line for the user. */
export async function startService(
  settings: Settings,
  parts: { readonly logger: Logger; readonly onFatal: OnFatal },
  overrides: StoreOverrides = {},
): Promise<RunningService> {
  const { logger } = parts;
  const stores = await openStores(settings, parts, overrides);
  const store = new MeteredEventStore(stores.events);
  const { directory, tenants } = await openDirectory(settings, store, stores.readStore);
  const writePath = await buildWritePath({
    settings,
    store,
    readStore: stores.readStore,
    tenants: directory,
    primitives: {
      sha256Hex: overrides.sha256Hex ?? sha256Hex,
      keccak256: keccak256Hex,
      salt: saltSource(),
    },
    onConflict: () => logger.debug('another writer was faster; decided again'),
  });
  const all = { settings, logger, store, stores, directory, tenants, writePath };
  const installation = await ensureInstallationOf(all);
  showFirstKey(installation);
  const { onFatal } = parts;
  const retry = retryOf(settings);
  const { verifier, signing } = overrides.withoutVerifier
    ? {}
    : await startVerifier({ ...all, installation, retry, onFatal });
  const auditor = overrides.withoutVerifier ? undefined : startAuditor({ ...all, retry, onFatal });
  try {
    return await openDoors({ ...all, verifier, signing, auditor, retry }, installation);
  } catch (error) {
    // A thread that is ended in the middle of a statement takes the process down with it.
    await auditor?.close();
    await verifier?.close();
    await stores.readStore.close();
    await store.close();
    throw error;
  }
}

async function openDirectory(
  settings: Settings,
  store: EventStore,
  readStore: ReadStore,
): Promise<{ readonly directory: TenantDirectoryInMemory; readonly tenants: Tenants }> {
  const directory = new TenantDirectoryInMemory(accessPrimitives, settings.API_KEYS_CACHED_MAX);
  await directory.follow(readStore);
  const tenants = new Tenants({
    store,
    directory,
    primitives: accessPrimitives,
    retry: retryOf(settings),
    conflictRetriesMax: settings.CONFLICT_RETRIES_MAX,
  });
  return { directory, tenants };
}

const retryOf = (settings: Settings): AppendRetry => ({
  unknownRetriesMax: Math.ceil(settings.UNKNOWN_RETRY_MS / settings.UNKNOWN_RETRY_DELAY_MS),
  unknownRetryDelayMs: settings.UNKNOWN_RETRY_DELAY_MS,
  pause: (ms) => delay(ms),
});

/** Waits a moment for the projection first: whether there is a key is known once it is there. */
async function ensureInstallationOf(parts: ServiceParts): Promise<Installation> {
  const { settings, store, stores, directory, tenants } = parts;
  const { readStore } = stores;
  await readStore.waitFor(await store.head(), settings.READ_WAIT_MS);
  return ensureInstallation(
    { store, tenants, directory, primitives: accessPrimitives, retry: retryOf(settings) },
    {
      installationName: settings.INSTALLATION_NAME,
      apiKey: settings.DELTABOOK_API_KEY,
      issueFirstKey: readStore.progress().ready,
      now: Date.now(),
    },
  );
}
