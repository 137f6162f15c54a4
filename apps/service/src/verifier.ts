// Starts the verifier: its key, whether this process signs, and its thread.
import { Ed25519Signer, signingFiles } from '@deltabook/adapters/node-crypto';
import {
  ensureSigningKey,
  type AppendRetry,
  type EventStore,
  type Installation,
} from '@deltabook/application';
import type { Logger } from 'pino';
import type { Settings } from './settings';
import type { OnFatal } from './opened-event-store';
import type { Stores } from './stores';
import { VerifierWorker } from './verifier-worker';

export interface VerifierStart {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly store: EventStore;
  readonly stores: Stores;
  readonly installation: Installation;
  readonly retry: AppendRetry;
  readonly onFatal: OnFatal;
}

/** Throws SigningKeyError, whose message is one line for the user. */
export async function startVerifier(parts: VerifierStart): Promise<VerifierWorker> {
  const { settings, logger, store, stores, installation, retry, onFatal } = parts;
  const { keyFile, signedHeadsDir } = signingFiles(settings.DATA_DIR, settings.SIGNING_KEY_FILE);
  const signer =
    settings.SIGNING_KEY === ''
      ? Ed25519Signer.ofFile(keyFile)
      : Ed25519Signer.ofPem(settings.SIGNING_KEY, 'SIGNING_KEY');
  const isActive = await ensureSigningKey({ store, retry, signer, now: Date.now() });
  if (!isActive) {
    logger.error('the signing key is not the activated one: this process verifies and seals only');
  }
  return new VerifierWorker({
    entry: stores.verifierEntry,
    data: {
      dataDir: settings.DATA_DIR,
      storeId: store.storeId,
      logSource: stores.logSource,
      installation: installation.log.installation,
      signingKeyPem: isActive ? signer.pem : undefined,
      signedHeadsDir,
      roundMs: settings.VERIFY_ROUND_MS,
      retryMs: settings.VERIFY_RETRY_MS,
      customersCachedMax: settings.VERIFY_CUSTOMERS_CACHED_MAX,
      commitMs: settings.VERIFY_COMMIT_MS,
      changedMax: settings.VERIFY_CUSTOMERS_PER_ROUND_MAX,
      takenMax: settings.VERIFY_EVENTS_PER_COMMIT_MAX,
      unknownRetriesMax: retry.unknownRetriesMax,
      unknownRetryDelayMs: retry.unknownRetryDelayMs,
    },
    store,
    logger,
    onFatal,
  });
}
