// A log that has a name and a signing key, and one round of a verifier over all of it.
import {
  Ed25519Signer,
  sha256,
  sha256Hex,
  type SignedHeadFolder,
} from '@deltabook/adapters/node-crypto';
import { SqliteVerificationStore } from '@deltabook/adapters/sqlite';
import { ensureSigningKey, LOG_START, Verifier, type EventStore } from '@deltabook/application';
import { installationEventText } from '@deltabook/domain';
import { aDataDir } from './service-process';

const NOW = Date.parse('2026-02-01T00:00:00.000Z');
const retry = { unknownRetriesMax: 0, unknownRetryDelayMs: 0, pause: () => Promise.resolve() };

/** Names the log and activates the key of the file, which is made. */
export async function beginSigned(store: EventStore, keyFile: string): Promise<Ed25519Signer> {
  const data = installationEventText({
    type: 'LogCreated',
    v: 1,
    logId: '00'.repeat(16),
    installation: 'deltabook',
    format: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
  });
  const events = [{ type: 'LogCreated', data, metadata: '{}' }];
  await store.append([{ stream: 'installation', expectedRevision: -1, events }]);
  const signer = Ed25519Signer.ofFile(keyFile);
  await ensureSigningKey({ store, retry, signer, now: NOW });
  return signer;
}

/** Verifies, seals and signs everything that is in the log; keeps that in a folder. */
export async function verifyAll(
  store: EventStore,
  signer: Ed25519Signer,
  files: SignedHeadFolder,
  dataDir = aDataDir(),
): Promise<void> {
  const kept = SqliteVerificationStore.open(dataDir, store.storeId);
  const verifier = new Verifier({
    store: kept,
    log: store,
    retry,
    signing: { installation: 'deltabook', signer, files, sha256 },
    sha256,
    sha256Hex,
    now: () => NOW,
    customersCachedMax: 100,
    onFenced: () => undefined,
    onTrouble: (error) => {
      throw error;
    },
  });
  const abort = new AbortController();
  const { signal } = abort;
  const options = { after: LOG_START, streamPrefixes: [], batchCountMax: 1_000, signal };
  for await (const batch of store.follow(options)) {
    await verifier.take(batch);
    if (batch.caughtUp) abort.abort();
  }
  await verifier.round();
  kept.close();
}
