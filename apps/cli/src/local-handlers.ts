// What operators' commands need of an installation that no service runs.
import { backUpLog } from '@deltabook/adapters/embedded';
import {
  Ed25519Signer,
  NextKeyFile,
  SignedHeadFolder,
  signingFiles,
} from '@deltabook/adapters/node-crypto';
import {
  backupHandlers,
  OperatorRefusal,
  signingHandlers,
  type AskedAudit,
  type OperatorHandlers,
  type Rotated,
} from '@deltabook/adapters/operator';
import { ServedReadModel } from '@deltabook/adapters/sqlite';
import { readLogCreated, rotateSigningKey, type CustomerAudit } from '@deltabook/application';
import type { EventStore } from '@deltabook/application';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { localAudit } from './local-audit';

const RETRY = { unknownRetriesMax: 10, unknownRetryDelayMs: 100, pause: delay } as const;
const METADATA = JSON.stringify({ door: 'operator', actor: 'deltabook' });

export interface HeldInstallation {
  readonly store: EventStore;
  readonly dataDir: string;
  readonly signingKeyFile: string;
}

/** An audit with the rows that were served last. */
export async function auditHere(
  { store, dataDir, signingKeyFile }: HeldInstallation,
  asked: AskedAudit,
): Promise<CustomerAudit> {
  const heads = new SignedHeadFolder(signingFiles(dataDir, signingKeyFile).signedHeadsDir);
  const rows = ServedReadModel.open(dataDir, store.storeId);
  try {
    return await localAudit({ store, rows, heads }, asked);
  } finally {
    rows?.close();
  }
}

/** Commands on what is kept in DATA_DIR: backup, rotation; and those that need a service. */
export function keptHere({ store, dataDir, signingKeyFile }: HeldInstallation): OperatorHandlers {
  const files = signingFiles(dataDir, signingKeyFile);
  return {
    ...backupHandlers({
      storeId: store.storeId,
      log: () => readLogCreated(store),
      ...files,
      origin: () => ({ now: Date.now() }),
      backUpLog: (file, onShare) => backUpLog({ dataDir, file, onShare }),
    }),
    ...signingHandlers({ rotate: () => rotate(store, files.keyFile) }),
    'dlq.list': () => Promise.reject(needsService('dead letters', 'with KAFKA_BROKERS')),
    'dlq.replay': () => Promise.reject(needsService('dead letters', 'with KAFKA_BROKERS')),
    'customer.export': () => Promise.reject(needsService('proofs', 'first')),
  };
}

async function rotate(store: EventStore, keyFile: string): Promise<Rotated> {
  if (!existsSync(keyFile)) return { kind: 'no-key-file' };
  const current = Ed25519Signer.ofFile(keyFile);
  const nextKey = new NextKeyFile(keyFile);
  const next = nextKey.make();
  const now = Date.now();
  const rotation = { store, retry: RETRY, current, next, metadata: METADATA, now };
  const outcome = await rotateSigningKey(rotation);
  if (outcome.kind === 'rotated') nextKey.takeOver();
  return outcome;
}

function needsService(what: string, how: string): OperatorRefusal {
  const message = `${what} are reached through the running service; start it ${how}`;
  return new OperatorRefusal('NEEDS_SERVICE', message);
}
