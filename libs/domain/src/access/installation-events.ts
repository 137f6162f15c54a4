// Events of the installation's stream as they are stored: which log this is, and whose signature
// its heads carry.
import { UnreadableEventError } from '../ledger/events';

export const LOG_CREATED = 'LogCreated';
export const SIGNING_KEY_ACTIVATED = 'SigningKeyActivated';

/** Stream of what belongs to no tenant. */
export const INSTALLATION_STREAM = 'installation';

/** What a log written by this build says of itself; a reader of an older format refuses it. */
export const LOG_FORMAT = 1;

/** First event of the installation's stream. */
export interface LogCreated {
  readonly type: typeof LOG_CREATED;
  readonly v: 1;
  /** 32 hex digits: the same for ever, in every copy of the log. */
  readonly logId: string;
  /** Name of the installation, see isName(); part of every log head's origin. */
  readonly installation: string;
  readonly format: number;
  /** RFC 3339 UTC, 3 fraction digits. */
  readonly createdAt: string;
}

/** Log heads are signed with this key from now on; what is signed is keyLinkText() of integrity. */
export interface SigningKeyActivated {
  readonly type: typeof SIGNING_KEY_ACTIVATED;
  readonly v: 1;
  /** Base64 of the 32 bytes of an Ed25519 public key. */
  readonly publicKey: string;
  /** RFC 3339 UTC, 3 fraction digits. */
  readonly activatedAt: string;
  /** Base64, by this key itself. */
  readonly signature: string;
  /** Base64, by the key before; the first has none. */
  readonly previousSignature?: string;
}

export type InstallationEvent = LogCreated | SigningKeyActivated;

/** Text stored for an event of the installation. */
export function installationEventText(event: InstallationEvent): string {
  if (event.type === SIGNING_KEY_ACTIVATED) {
    const { v, publicKey, activatedAt, signature, previousSignature } = event;
    return JSON.stringify({ v, publicKey, activatedAt, signature, previousSignature });
  }
  const { v, logId, installation, format, createdAt } = event;
  return JSON.stringify({ v, logId, installation, format, createdAt });
}

/** Reads a stored event of the installation; throws UnreadableEventError for an unknown one. */
export function parseInstallationEvent(type: string, data: string): InstallationEvent {
  const stored = JSON.parse(data) as { v?: unknown };
  if ((type !== LOG_CREATED && type !== SIGNING_KEY_ACTIVATED) || stored.v !== 1) {
    throw new UnreadableEventError(type, stored.v);
  }
  return { ...stored, type } as InstallationEvent;
}
