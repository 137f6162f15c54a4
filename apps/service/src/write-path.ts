// Builds the write path from settings: the one place where its bounds meet their settings.
import {
  Admission,
  CommitQueue,
  CustomerDirectory,
  CustomerLoader,
  Mailboxes,
  RecentKeys,
  type EventStore,
  type ReadStore,
  type TenantDirectory,
} from '@deltabook/application';
import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from './settings';

/**
 * Bytes of one append, well under the port's bound: the estimate of each event is an upper bound.
 */
const CUSTOMER_BATCH_BYTES_MAX = 800 * 1024;

/** Hash functions and randomness, bound to the platform. */
export interface Primitives {
  readonly sha256Hex: (text: string) => string;
  readonly keccak256: (ascii: string) => string;
  readonly salt: () => string;
}

export interface WritePath {
  readonly customers: CustomerDirectory;
  readonly commitQueue: CommitQueue;
  readonly recentKeys: RecentKeys;
  readonly admission: Admission;
  readonly mailboxes: Mailboxes;
}

export interface WritePathParts {
  readonly settings: Settings;
  readonly store: EventStore;
  readonly readStore: ReadStore;
  readonly tenants: TenantDirectory;
  readonly primitives: Primitives;
  readonly onConflict: () => void;
}

/** Ready to take commands once the read store is. */
export async function buildWritePath(parts: WritePathParts): Promise<WritePath> {
  const { settings, store, readStore, tenants, primitives } = parts;
  const customers = new CustomerDirectory(
    tenants,
    primitives.keccak256,
    settings.CUSTOMERS_CACHED_MAX,
  );
  const recentKeys = new RecentKeys(settings.RECENT_KEYS_MAX);
  const commitQueue = new CommitQueue(store, await store.head());
  const admission = new Admission({
    pendingCountMax: settings.WRITES_PENDING_MAX,
    pendingBytesMax: settings.WRITE_BYTES_PENDING_MAX,
    tenantShareMax: settings.TENANT_SHARE_PERCENT_MAX / 100,
  });
  const mailboxes = new Mailboxes({
    tenants,
    customers,
    admission,
    progress: readStore,
    salt: primitives.salt,
    cachedCustomersMax: settings.CUSTOMERS_CACHED_MAX,
    customerPendingCountMax: settings.CUSTOMER_WRITES_PENDING_MAX,
    services: {
      loader: new CustomerLoader(store, readStore, recentKeys),
      commitQueue,
      recentKeys,
      readStore,
      sha256Hex: primitives.sha256Hex,
      elapsedMs: () => performance.now(),
      pause: (ms) => delay(ms),
      onConflict: parts.onConflict,
      limits: {
        batchCountMax: settings.CUSTOMER_BATCH_MAX,
        batchBytesMax: CUSTOMER_BATCH_BYTES_MAX,
        conflictRetriesMax: settings.CONFLICT_RETRIES_MAX,
        unknownRetryMs: settings.UNKNOWN_RETRY_MS,
        unknownRetryDelayMs: settings.UNKNOWN_RETRY_DELAY_MS,
        sharedCustomerMs: settings.SHARED_CUSTOMER_MS,
      },
    },
  });
  return { customers, commitQueue, recentKeys, admission, mailboxes };
}
