// A ledger without doors, for tests that put one in front of it: the embedded store and the write
// path of the service, deciding from the streams alone.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import {
  LOG_START,
  type EmitDeltasCommand,
  type EmitOutcome,
  type EventStore,
  type ReadStore,
  type TenantKeys,
} from '@deltabook/application';
import { customerStream, nanoOf, parseCustomerEvent } from '@deltabook/domain';
import { keccak_256 } from '@noble/hashes/sha3';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readSettings } from '../../../apps/service/src/settings';
import { buildWritePath, type WritePath } from '../../../apps/service/src/write-path';

const TENANT = 'default';

export interface LedgerInProcess {
  readonly store: EventStore;
  readonly writePath: WritePath;
  emitDeltas(command: EmitDeltasCommand): Promise<readonly EmitOutcome[]>;
  /** Deltas of a customer's stream in order, nano units and reason. */
  deltasOf(customerId: string): Promise<readonly { nano: bigint; reason: string }[]>;
  close(): Promise<void>;
}

/** Nothing is projected: state and keys then come from the streams themselves. */
const NOTHING_PROJECTED: ReadStore = {
  customers: (references) => Promise.resolve(references.map(() => undefined)),
  customerPage: () => Promise.resolve({ customers: [], total: 0 }),
  totals: () => Promise.reject(new Error('not read here')),
  keyCandidates: () => Promise.resolve([]),
  mayHaveKey: () => false,
  projectedPosition: () => LOG_START,
  waitFor: () => Promise.resolve(false),
  progress: () => ({ position: LOG_START, head: LOG_START, ready: true, rebuilding: false }),
  directoryEvents: () => Promise.resolve([]),
  onDirectoryEvents: () => undefined,
  close: () => Promise.resolve(),
};

const hmacUnder = (key: string) => (text: string) =>
  createHmac('sha256', key).update(text).digest('hex');
const KEYS: TenantKeys = {
  referenceHmac: hmacUnder('reference'),
  idempotencyHmac: hmacUnder('idempotency'),
};

export async function openLedger(
  dataDir: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<LedgerInProcess> {
  const store = await EmbeddedEventStore.open({ dataDir });
  const writePath = await buildWritePath({
    settings: readSettings({ RECENT_KEYS_MAX: '5000000', ...environment }),
    store,
    readStore: NOTHING_PROJECTED,
    tenants: {
      authenticate: () => undefined,
      isComplete: () => true,
      keysOf: (tenant) => (tenant === TENANT ? KEYS : undefined),
    },
    primitives: {
      sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
      keccak256: (ascii) => Buffer.from(keccak_256(ascii)).toString('hex'),
      salt: () => randomBytes(16).toString('hex'),
    },
    onConflict: () => undefined,
  });
  return {
    store,
    writePath,
    emitDeltas: ({ deltas, sequence }) => writePath.mailboxes.emitAll(deltas, sequence),
    deltasOf: async (customerId) => {
      const names = writePath.customers.names(TENANT, 'sandbox', customerId);
      return names ? deltasOf(store, customerStream(names.reference)) : [];
    },
    close: async () => {
      await writePath.admission.drain();
      await store.close();
    },
  };
}

async function deltasOf(
  store: EventStore,
  stream: string,
): Promise<readonly { nano: bigint; reason: string }[]> {
  const deltas: { nano: bigint; reason: string }[] = [];
  for (let from = 0; ;) {
    const page = await store.readStream(stream, { from, direction: 'forwards', limit: 1_000 });
    for (const recorded of page) {
      const event = parseCustomerEvent(recorded.type, recorded.data);
      if (event.type !== 'DeltaEmitted') continue;
      deltas.push({ nano: nanoOf(event.leaf.delta), reason: event.private.reason });
    }
    if (page.length < 1_000) return deltas;
    from += page.length;
  }
}
