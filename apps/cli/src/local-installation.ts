// An installation that no service runs: the command line holds DATA_DIR itself for a moment.
import { EmbeddedEventStore, logFile } from '@deltabook/adapters/embedded';
import { accessPrimitives, keccak256Hex } from '@deltabook/adapters/node-crypto';
import {
  accessHandlers,
  auditHandlers,
  OperatorRefusal,
  type OperatorHandlers,
} from '@deltabook/adapters/operator';
import {
  CustomerDirectory,
  ensureInstallation,
  fillDirectory,
  TenantDirectoryInMemory,
  Tenants,
  type AccessOrigin,
} from '@deltabook/application';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { auditHere, keptHere } from './local-handlers';
import type { CliSettings } from './settings';

const CORRELATION_BYTES = 8;
const CONFLICT_RETRIES_MAX = 20;
const CUSTOMERS_CACHED_MAX = 2;
const RETRY = { unknownRetriesMax: 10, unknownRetryDelayMs: 100, pause: delay } as const;

/** Code of the refusal where DATA_DIR has no log. */
export const NO_INSTALLATION = 'NO_INSTALLATION';

export interface LocalInstallation {
  readonly store: EmbeddedEventStore;
  readonly handlers: OperatorHandlers;
  close(): Promise<void>;
}

type Needed = 'dataDir' | 'installationName' | 'signingKeyFile';

export interface LocalOptions extends Pick<CliSettings, Needed> {
  /** Whether an installation may be made where there is none. */
  readonly mayMake: boolean;
}

/**
 * Opens the log in `dataDir`. Throws DataDirHeldError while another process holds it and
 * OperatorRefusal where there is no installation and none may be made.
 */
export async function openLocalInstallation(options: LocalOptions): Promise<LocalInstallation> {
  const { dataDir, installationName, signingKeyFile, mayMake } = options;
  const isNew = !existsSync(logFile(dataDir));
  if (isNew && !mayMake) {
    const advice = 'start the service there first, or name another with --data-dir';
    throw new OperatorRefusal(NO_INSTALLATION, `no installation in DATA_DIR ${dataDir}; ${advice}`);
  }
  const store = await EmbeddedEventStore.open({ dataDir });
  try {
    const directory = new TenantDirectoryInMemory(accessPrimitives, 1);
    const parts = { store, directory, primitives: accessPrimitives, retry: RETRY };
    const tenants = new Tenants({ ...parts, conflictRetriesMax: CONFLICT_RETRIES_MAX });
    const access = accessHandlers({
      tenants,
      directory,
      origin: operatorOrigin,
      fillDirectory: () => fillDirectory(store, directory),
    });
    const audits = auditHandlers({
      store,
      retry: RETRY,
      tenants,
      customers: new CustomerDirectory(directory, keccak256Hex, CUSTOMERS_CACHED_MAX),
      origin: operatorOrigin,
      audit: (asked) => auditHere({ store, dataDir, signingKeyFile }, asked),
    });
    const handlers = { ...access, ...audits, ...keptHere({ store, dataDir, signingKeyFile }) };
    if (mayMake) {
      const wanted = { installationName, apiKey: '', issueFirstKey: false, now: Date.now() };
      await ensureInstallation({ ...parts, tenants }, wanted);
    }
    return { store, handlers, close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function operatorOrigin(): AccessOrigin {
  const correlationId = accessPrimitives.randomHex(CORRELATION_BYTES);
  return { door: 'operator', actor: 'deltabook', correlationId, now: Date.now() };
}
