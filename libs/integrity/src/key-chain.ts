// The installation's keys, each vouched for by the one before and by itself. Who trusts one of them
// trusts the whole chain, so that a rotation breaks no old receipt and needs no new trust.
import { base64Of, bytesEqual, bytesOfBase64, utf8 } from './bytes';
import { parsed, unreadable, type Parsed } from './parsed';
import { membersOf } from './read-json';
import { isTimeText } from './read-leaf';
import { refusal, type Refusal } from './refusal';
import {
  noteVerifierKey,
  PUBLIC_KEY_BYTES,
  type NoteVerifierKey,
  type VerifierCrypto,
} from './signed-note';
import type { Sha256 } from './tree-hash';

export const KEYS_FORMAT = 'deltabook-keys@v1';
const SIGNATURE_BYTES = 64;

/** A key of the chain. Bytes are raw: 32 of a key, 64 of a signature. */
export interface ChainedKey {
  readonly publicKey: Uint8Array;
  /** RFC 3339 UTC, 3 fraction digits. */
  readonly activatedAt: string;
  /** By this key itself, over the text of its link. */
  readonly signature: Uint8Array;
  /** By the key before, over the same text; the first key has none. */
  readonly previousSignature?: Uint8Array;
}

/** Keys of one installation, the oldest first; nothing about tenants. */
export interface KeyChain {
  readonly installation: string;
  readonly keys: readonly ChainedKey[];
}

/** What a link says. `previous` is the key before, none for the first. */
export interface KeyLink {
  readonly installation: string;
  /** Place of the key in the chain, from 0. */
  readonly index: number;
  readonly activatedAt: string;
  readonly previous?: Uint8Array | undefined;
  readonly publicKey: Uint8Array;
}

/** Text that both keys of a link sign. It can be no log head: its second line is no number. */
export function keyLinkText(link: KeyLink): string {
  const previous = link.previous ? base64Of(link.previous) : 'none';
  return (
    `${KEYS_FORMAT}\ninstallation ${link.installation}\nindex ${String(link.index)}\n` +
    `activated ${link.activatedAt}\nprevious ${previous}\n` +
    `key ${base64Of(link.publicKey)}\n`
  );
}

export type KeyChainRefusal = 'MALFORMED_KEYS' | 'BROKEN_CHAIN' | 'NOT_LINKED';

export interface VerifiedKeys {
  readonly ok: true;
  /** Raw public keys, the oldest first. */
  readonly publicKeys: readonly Uint8Array[];
}

/**
 * Checks every link, and that each of the raw public keys in `pinned` is in the chain. With nothing
 * pinned the chain only vouches for itself.
 */
export function verifyKeyChain(
  chain: KeyChain,
  pinned: readonly Uint8Array[],
  crypto: VerifierCrypto,
): VerifiedKeys | Refusal<KeyChainRefusal> {
  if (chain.keys.length === 0) return refusal('MALFORMED_KEYS', 'the chain has no key');
  const broken = chain.keys.findIndex((_, index) => !isLinked(chain, index, crypto));
  if (broken >= 0) {
    return refusal(
      'BROKEN_CHAIN',
      `key ${String(broken)} is not signed by itself and the key before`,
    );
  }
  const publicKeys = chain.keys.map(({ publicKey }) => publicKey);
  const stray = pinned.find((key) => !publicKeys.some((known) => bytesEqual(known, key)));
  return stray
    ? refusal('NOT_LINKED', `the trusted key ${base64Of(stray)} is not in the chain`)
    : { ok: true, publicKeys };
}

function isLinked(chain: KeyChain, index: number, crypto: VerifierCrypto): boolean {
  const key = chain.keys[index];
  const previous = chain.keys[index - 1]?.publicKey;
  if (!key || (previous === undefined) !== (key.previousSignature === undefined)) return false;
  const { installation } = chain;
  const { activatedAt, publicKey } = key;
  const text = utf8(keyLinkText({ installation, index, activatedAt, previous, publicKey }));
  if (!crypto.verifyEd25519(publicKey, text, key.signature)) return false;
  return (
    previous === undefined ||
    crypto.verifyEd25519(previous, text, key.previousSignature ?? new Uint8Array(0))
  );
}

/** Note verifier keys of the log `origin` for raw public keys. */
export function noteVerifierKeys(
  origin: string,
  publicKeys: readonly Uint8Array[],
  sha256: Sha256,
): NoteVerifierKey[] {
  return publicKeys.map((publicKey) => noteVerifierKey(origin, publicKey, sha256));
}

/** Document at /.well-known/deltabook-keys; bytes are base64. */
export interface KeysJson {
  readonly format: typeof KEYS_FORMAT;
  readonly installation: string;
  readonly keys: readonly {
    readonly publicKey: string;
    readonly activatedAt: string;
    readonly signature: string;
    readonly previousSignature?: string;
  }[];
}

export function keysJson(chain: KeyChain): KeysJson {
  const keys = chain.keys.map((key) => ({
    publicKey: base64Of(key.publicKey),
    activatedAt: key.activatedAt,
    signature: base64Of(key.signature),
    ...(key.previousSignature ? { previousSignature: base64Of(key.previousSignature) } : {}),
  }));
  return { format: KEYS_FORMAT, installation: chain.installation, keys };
}

/** Reads a keys document out of parsed JSON; `verifyKeyChain` says whether it holds. */
export function parseKeysJson(value: unknown): Parsed<KeyChain> {
  const { format, installation, keys } = membersOf(value);
  if (format !== KEYS_FORMAT || typeof installation !== 'string' || !Array.isArray(keys)) {
    return unreadable(`the document is not of the form ${KEYS_FORMAT}`);
  }
  const chained: ChainedKey[] = [];
  for (const item of keys) {
    const key = chainedKeyOf(membersOf(item));
    if (!key) return unreadable(`key ${String(chained.length)} lacks a member or has a bad one`);
    chained.push(key);
  }
  return parsed({ installation, keys: chained });
}

function chainedKeyOf(json: Readonly<Record<string, unknown>>): ChainedKey | undefined {
  const { activatedAt } = json;
  const publicKey = bytesOf(json['publicKey'], PUBLIC_KEY_BYTES);
  const signature = bytesOf(json['signature'], SIGNATURE_BYTES);
  if (!publicKey || !signature || !isTimeText(activatedAt)) return undefined;
  if (json['previousSignature'] === undefined) return { publicKey, activatedAt, signature };
  const previousSignature = bytesOf(json['previousSignature'], SIGNATURE_BYTES);
  return previousSignature && { publicKey, activatedAt, signature, previousSignature };
}

function bytesOf(text: unknown, length: number): Uint8Array | undefined {
  const bytes = typeof text === 'string' ? bytesOfBase64(text) : undefined;
  return bytes?.length === length ? bytes : undefined;
}
