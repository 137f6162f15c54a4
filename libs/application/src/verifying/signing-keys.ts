// The installation's chain of signing keys: the first start activates its key, every later one
// signs only with the key that is active.
import {
  INSTALLATION_STREAM,
  installationEventText,
  LOG_CREATED,
  parseInstallationEvent,
  SIGNING_KEY_ACTIVATED,
  timeText,
  type SigningKeyActivated,
} from '@deltabook/domain';
import {
  base64Of,
  bytesEqual,
  bytesOfBase64,
  keyLinkText,
  utf8,
  type ChainedKey,
  type KeyChain,
} from '@deltabook/integrity';
import { appendOne, type AppendRetry } from '../access/append-one';
import { STREAM_PAGE_MAX, type EventStore, type RecordedEvent } from '../ports/event-store.port';
import type { LogSigner } from './sign-log-head';

/** Several processes may start at once: one of them activates its key, the others look again. */
const TRIES_MAX = 5;
const METADATA = JSON.stringify({ door: 'start', actor: 'installation' });

export interface SigningKeysParts {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly retry: AppendRetry;
  readonly signer: LogSigner;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** True when the signer's key is the active one, after making it so where there was none. */
export async function ensureSigningKey(parts: SigningKeysParts): Promise<boolean> {
  const { store, signer, retry, now } = parts;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const { chain, revision } = await readKeys(store);
    const active = chain.keys.at(-1);
    if (active) return bytesEqual(active.publicKey, signer.publicKey);
    const activatedAt = timeText(now);
    const { installation } = chain;
    const { publicKey } = signer;
    const text = keyLinkText({ installation, index: 0, activatedAt, publicKey });
    const data = signingKeyEventText({
      publicKey: base64Of(publicKey),
      activatedAt,
      signature: base64Of(signer.sign(utf8(text))),
    });
    const events = [{ type: SIGNING_KEY_ACTIVATED, data, metadata: METADATA }];
    const append = { stream: INSTALLATION_STREAM, expectedRevision: revision, events };
    await appendOne(store, append, retry);
  }
  return false;
}

/** Stored text of the event that activates a key. */
export function signingKeyEventText(key: Omit<SigningKeyActivated, 'type' | 'v'>): string {
  return installationEventText({ type: SIGNING_KEY_ACTIVATED, v: 1, ...key });
}

/** Keys of the installation, the oldest first: what /.well-known/deltabook-keys serves. */
export async function readKeyChain(store: Pick<EventStore, 'readStream'>): Promise<KeyChain> {
  return (await readKeys(store)).chain;
}

/** The chain, and the revision of the last event of its stream. */
export async function readKeys(
  store: Pick<EventStore, 'readStream'>,
): Promise<{ readonly chain: KeyChain; readonly revision: number }> {
  const range = { from: 0, direction: 'forwards', limit: STREAM_PAGE_MAX } as const;
  const recorded = await store.readStream(INSTALLATION_STREAM, range);
  return { chain: keyChainOf(recorded), revision: recorded.length - 1 };
}

/** The chain that the events of the installation's stream make, in order. */
export function keyChainOf(recorded: readonly RecordedEvent[]): KeyChain {
  let installation = '';
  const keys: ChainedKey[] = [];
  for (const { type, data } of recorded) {
    const event = parseInstallationEvent(type, data);
    if (event.type === LOG_CREATED) installation = event.installation;
    else keys.push(chainedKey(event));
  }
  return { installation, keys };
}

function chainedKey(event: SigningKeyActivated): ChainedKey {
  const { activatedAt, previousSignature } = event;
  return {
    publicKey: bytesOf(event.publicKey),
    activatedAt,
    signature: bytesOf(event.signature),
    ...(previousSignature === undefined ? {} : { previousSignature: bytesOf(previousSignature) }),
  };
}

const bytesOf = (base64: string): Uint8Array => bytesOfBase64(base64) ?? new Uint8Array(0);
