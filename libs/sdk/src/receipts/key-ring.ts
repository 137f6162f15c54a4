// The public keys that this client takes signatures from: those that its caller trusts, else those
// that the service showed first, and later ones only where an earlier one vouches for them.
import {
  base64Of,
  noteVerifierKeys,
  parseKeysJson,
  verifyKeyChain,
  type KeyChainRefusal,
  type NoteVerifierKey,
  type Refusal,
} from '@deltabook/integrity';
import { receiptCrypto } from './receipt-crypto';
import { publicKeyOf } from './trusted-keys';

/** Keeps the keys that were seen first beyond the life of a client, where the caller wants that. */
export interface KeyPins {
  /** Base64 of public keys, as `write` was given them; none where there are none yet. */
  readonly read: () => readonly string[] | Promise<readonly string[]>;
  readonly write: (publicKeys: readonly string[]) => void | Promise<void>;
}

export interface KeyRingParts {
  /** Keys that the caller trusts; with some of them nothing is trusted on first sight. */
  readonly trusted: readonly string[];
  readonly pins: KeyPins | undefined;
  /** Text of the keys document. */
  readonly loadDocument: () => Promise<string>;
}

interface KnownKeys {
  readonly ok: true;
  readonly installation: string;
  readonly publicKeys: readonly Uint8Array[];
}

type Known = KnownKeys | Refusal<KeyChainRefusal>;
type Keys =
  { readonly ok: true; readonly keys: readonly NoteVerifierKey[] } | Refusal<KeyChainRefusal>;

export class KeyRing {
  private readonly trusted: readonly Uint8Array[];
  private pinned: readonly string[] = [];
  private known: Promise<Known> | undefined;

  /** Throws ValidationError for a trusted key that is none. */
  constructor(private readonly parts: KeyRingParts) {
    this.trusted = parts.trusted.map(publicKeyOf);
  }

  /** Keys for the log `origin`; `anew` asks the service again, which may have got another key. */
  async keysOf(origin: string, anew = false): Promise<Keys> {
    if (anew) this.known = undefined;
    this.known ??= this.load();
    const known = await this.known.catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    if (!known.ok) return known;
    if (!origin.startsWith(`${known.installation}/`)) {
      const problem = `the log ${origin} is not one of ${known.installation}`;
      return { ok: false, reason: 'NOT_LINKED', problem };
    }
    return { ok: true, keys: noteVerifierKeys(origin, known.publicKeys, receiptCrypto.sha256) };
  }

  private async load(): Promise<Known> {
    const chain = parseKeysJson(jsonOf(await this.parts.loadDocument()));
    if (!chain.ok) return { ok: false, reason: 'MALFORMED_KEYS', problem: chain.problem };
    const pinned = await this.pinnedKeys();
    const verified = verifyKeyChain(chain.value, pinned, receiptCrypto);
    if (!verified.ok) return verified;
    const { publicKeys } = verified;
    if (this.trusted.length === 0) await this.pin(publicKeys.map(base64Of));
    return { ok: true, installation: chain.value.installation, publicKeys };
  }

  private async pinnedKeys(): Promise<readonly Uint8Array[]> {
    if (this.trusted.length > 0) return this.trusted;
    const { pins } = this.parts;
    return (pins ? await pins.read() : this.pinned).map(publicKeyOf);
  }

  private async pin(publicKeys: readonly string[]): Promise<void> {
    this.pinned = publicKeys;
    await this.parts.pins?.write(publicKeys);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
