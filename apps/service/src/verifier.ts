// Starts the verifier: its key, whether this process signs, and its thread.
import { signingFiles } from '@deltabook/adapters/node-crypto';
import type { AppendRetry, EventStore, Installation } from '@deltabook/application';
import type { Logger } from 'pino';
import type { Settings } from './settings';
import type { OnFatal } from './opened-event-store';
import { SigningControl } from './signing-control';
import type { Stores } from './stores';
import { VerifierWorker } from './verifier-worker';

/** Longest wait for what was sealed to be projected: nobody needs the answer. */
const SHOWN_WAIT_MS = 1_000;

export interface VerifierStart {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly store: EventStore;
  readonly stores: Stores;
  readonly installation: Installation;
  readonly retry: AppendRetry;
  readonly onFatal: OnFatal;
}

export interface StartedVerifier {
  readonly verifier: VerifierWorker;
  readonly signing: SigningControl;
}

/** Throws SigningKeyError, whose message is one line for the user. */
export async function startVerifier(parts: VerifierStart): Promise<StartedVerifier> {
  const { settings, logger, store, stores, installation, retry, onFatal } = parts;
  const { signedHeadsDir } = signingFiles(settings.DATA_DIR, settings.SIGNING_KEY_FILE);
  const signing = await SigningControl.open(parts);
  const verifier = new VerifierWorker({
    entry: stores.verifierEntry,
    data: {
      dataDir: settings.DATA_DIR,
      storeId: store.storeId,
      logSource: stores.logSource,
      installation: installation.log.installation,
      signingKeyPem: signing.pem,
      signedHeadsDir,
      niceness: settings.BACKGROUND_NICENESS,
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
    // Whoever waits for a delta to be verified waits for that transaction: it is made soon.
    onSealed: (position) => void stores.readStore.waitFor(position, SHOWN_WAIT_MS),
    onFatal,
  });
  signing.follow(verifier, stores.readStore);
  return { verifier, signing };
}
