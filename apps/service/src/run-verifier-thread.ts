// Runs the verifier inside its thread: binds it to SQLite and Node's crypto, whichever log it
// follows.
import {
  Ed25519Signer,
  sha256,
  sha256Hex,
  SignedHeadFolder,
} from '@deltabook/adapters/node-crypto';
import { SqliteVerificationStore, type FollowedLog } from '@deltabook/adapters/sqlite';
import { runVerifier, Verifier, type SigningParts } from '@deltabook/application/threads';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { CommitAlarm } from './commit-alarm';
import { StoreRelay } from './store-relay';
import { yieldToOtherThreads } from './thread-priority';
import type { MessageToVerifier, VerifierData, VerifierMessage } from './verifier-messages';

/** Opens the log from what the main thread was given as `logSource`. */
type OpenLog = (logSource: unknown) => FollowedLog | Promise<FollowedLog>;

interface ThreadParts {
  readonly data: VerifierData;
  readonly openLog: OpenLog;
  readonly commits: CommitAlarm;
}

function signingOf(data: VerifierData): SigningParts | undefined {
  const { signingKeyPem, installation, signedHeadsDir } = data;
  if (signingKeyPem === undefined) return undefined;
  const signer = Ed25519Signer.ofPem(signingKeyPem, 'the signing key');
  return { installation, signer, files: new SignedHeadFolder(signedHeadsDir), sha256 };
}

/** Runs until the signal aborts; what it was doing then is found again at the next start. */
async function verify(
  port: MessagePort,
  { data, openLog, commits }: ThreadParts,
  signal: AbortSignal,
): Promise<void> {
  const post = (message: VerifierMessage): void => port.postMessage(message);
  const relay = new StoreRelay(post);
  const settle = (message: MessageToVerifier): void => {
    if (message !== 'close' && !('kind' in message)) relay.settle(message);
  };
  port.on('message', settle);
  const pause = (ms: number): Promise<void> =>
    delay(ms, undefined, { signal }).catch(() => undefined);
  const { unknownRetriesMax, unknownRetryDelayMs } = data;
  const store = SqliteVerificationStore.open(data.dataDir, data.storeId);
  const log = await openLog(data.logSource);
  const ended = new AbortController();
  try {
    const verifier = new Verifier({
      store,
      log: relay,
      retry: { unknownRetriesMax, unknownRetryDelayMs, pause },
      signing: signingOf(data),
      sha256,
      sha256Hex,
      now: () => Date.now(),
      customersCachedMax: data.customersCachedMax,
      onFenced: (stream, fromSequence, problems) =>
        post({ kind: 'fenced', stream, fromSequence, problems }),
      // All else goes on.
      onTrouble: (error) => post(troubleOf(error)),
    });
    commits.serve(() => verifier.isChanged);
    await runVerifier({
      verifier,
      log,
      roundMs: data.roundMs,
      commitMs: data.commitMs,
      changedMax: data.changedMax,
      takenMax: data.takenMax,
      signal: AbortSignal.any([signal, ended.signal]),
      elapsedMs: () => performance.now(),
      commits,
      pause: (ms) => commits.pause(ms, signal),
      onProgress: ({ position, head }) =>
        post({
          kind: 'progress',
          position,
          head,
          fencedCount: store.fencedCount(),
          sealedCount: verifier.sealedCount,
        }),
    });
  } finally {
    commits.serve(undefined);
    port.off('message', settle);
    ended.abort();
    await log.close();
    store.close();
  }
}

function troubleOf(error: unknown, what = ''): VerifierMessage {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return {
    kind: 'trouble',
    code: typeof code === 'string' ? code : 'VERIFICATION_FAILED',
    message: `${what}${String(message)}`,
  };
}

async function run(port: MessagePort, parts: ThreadParts): Promise<void> {
  const abort = new AbortController();
  const { signal } = abort;
  let { data } = parts;
  /** Ends the verifier that has the key before: another is begun with the next one. */
  let rekeying = new AbortController();
  const rekeyed: number[] = [];
  port.on('message', (message: MessageToVerifier) => {
    if (message === 'close') return abort.abort();
    if (!('kind' in message)) return;
    if (message.kind === 'commit') return parts.commits.ask(message.id);
    data = { ...data, signingKeyPem: message.signingKeyPem };
    rekeyed.push(message.id);
    rekeying.abort();
  });
  while (!signal.aborted) {
    rekeying = new AbortController();
    for (const id of rekeyed.splice(0)) port.postMessage({ kind: 'signing', id });
    const ending = AbortSignal.any([signal, rekeying.signal]);
    try {
      await verify(port, { ...parts, data }, ending);
    } catch (error) {
      if (ending.aborted) continue;
      port.postMessage(troubleOf(error, 'verifying stands still and is tried again: '));
      await delay(data.retryMs, undefined, { signal: ending }).catch(() => undefined);
    }
  }
  port.close();
}

/** To be called once in a thread that VerifierWorker started. */
export function runVerifierThread(openLog: OpenLog): void {
  if (!parentPort) throw new Error('the verifier runs in a worker thread');
  const port = parentPort;
  const commits = new CommitAlarm((id) =>
    port.postMessage({ kind: 'committed', id } satisfies VerifierMessage),
  );
  const data = workerData as VerifierData;
  yieldToOtherThreads(data.niceness);
  void run(port, { data, openLog, commits });
}
