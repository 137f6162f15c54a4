// A ledger without doors, for tests that put one in front of it: the stores and the write path as
// the service opens them.
import { keccak256Hex, saltSource, sha256Hex } from '@deltabook/adapters/node-crypto';
import type {
  EmitDeltasCommand,
  EmitOutcome,
  EventStore,
  TenantKeys,
} from '@deltabook/application';
import { customerStream, nanoOf, parseCustomerEvent } from '@deltabook/domain';
import { createHmac } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLogger } from '../../../apps/service/src/logger';
import { readSettings } from '../../../apps/service/src/settings';
import { openStores, type Stores } from '../../../apps/service/src/stores';
import { buildWritePath, type WritePath } from '../../../apps/service/src/write-path';

const TENANT = 'default';
const PAGE_MAX = 1_000;

export interface LedgerInProcess {
  readonly stores: Stores;
  readonly writePath: WritePath;
  /** A second one on the same stores, as another process would have it. */
  anotherWritePath(): Promise<WritePath>;
  emitDeltas(command: EmitDeltasCommand): Promise<readonly EmitOutcome[]>;
  /** Deltas of a customer's stream in order, nano units and reason. */
  deltasOf(customerId: string): Promise<readonly { nano: bigint; reason: string }[]>;
  close(): Promise<void>;
}

const hmacUnder = (key: string) => (text: string) =>
  createHmac('sha256', key).update(text).digest('hex');
const KEYS: TenantKeys = {
  referenceHmac: hmacUnder('reference'),
  idempotencyHmac: hmacUnder('idempotency'),
};

/** Opens a ledger in a folder, or again what was there; its one tenant is `default`. */
export async function openLedger(
  dataDir: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<LedgerInProcess> {
  const settings = readSettings({ ...environment, DATA_DIR: dataDir });
  const onFatal = (error: Error): void => {
    throw error;
  };
  const stores = await openStores(settings, { logger: createLogger('silent'), onFatal }, {});
  const { events, readStore } = stores;
  while (!readStore.progress().ready) await nextTurn();
  const build = (): Promise<WritePath> =>
    buildWritePath({
      settings,
      store: events,
      readStore,
      tenants: {
        authenticate: () => undefined,
        isComplete: () => true,
        keysOf: (tenant) => (tenant === TENANT ? KEYS : undefined),
      },
      primitives: { sha256Hex, keccak256: keccak256Hex, salt: saltSource() },
      onConflict: () => undefined,
    });
  const writePath = await build();
  return {
    stores,
    writePath,
    anotherWritePath: build,
    emitDeltas: ({ deltas, sequence }) => writePath.mailboxes.emitAll(deltas, sequence),
    deltasOf: async (customerId) => {
      const names = writePath.customers.names(TENANT, 'sandbox', customerId);
      return names ? deltasOf(events, customerStream(names.reference)) : [];
    },
    close: async () => {
      await writePath.admission.drain();
      await readStore.close();
      await events.close();
    },
  };
}

async function deltasOf(
  store: EventStore,
  stream: string,
): Promise<readonly { nano: bigint; reason: string }[]> {
  const deltas: { nano: bigint; reason: string }[] = [];
  for (let from = 0; ;) {
    const page = await store.readStream(stream, { from, direction: 'forwards', limit: PAGE_MAX });
    for (const recorded of page) {
      const event = parseCustomerEvent(recorded.type, recorded.data);
      if (event.type !== 'DeltaEmitted') continue;
      deltas.push({ nano: nanoOf(event.leaf.delta), reason: event.private.reason });
    }
    if (page.length < PAGE_MAX) return deltas;
    from += page.length;
  }
}
