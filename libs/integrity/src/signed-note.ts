// Signed notes after c2sp.org/signed-note: a text and lines of signatures under it. Only Ed25519
// keys (type 0x01) are known here; signatures of others are left alone, as the format demands.
import {
  base64Of,
  bytesEqual,
  bytesOfBase64,
  concatBytes,
  hexOf,
  isWellFormed,
  utf8,
} from './bytes';
import { parsed, unreadable, type Parsed } from './parsed';
import { refusal, type Refusal } from './refusal';
import type { Sha256 } from './tree-hash';

/** Checks an Ed25519 signature (RFC 8032): 32-byte key, message, 64-byte signature. */
export type VerifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean;

/** What a verifier needs from its platform. */
export interface VerifierCrypto {
  readonly sha256: Sha256;
  readonly verifyEd25519: VerifyEd25519;
}

/** A key that signs notes under one name. */
export interface NoteVerifierKey {
  readonly name: string;
  /** First 4 bytes of SHA-256(name || 0x0A || 0x01 || public key). */
  readonly id: Uint8Array;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

export interface NoteSignature {
  readonly name: string;
  /** 4 bytes. */
  readonly id: Uint8Array;
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** Ends with a newline; its UTF-8 bytes are what is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** The format asks for at least 16; more than this is not read. */
export const NOTE_SIGNATURE_COUNT_MAX = 64;
export const PUBLIC_KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const ED25519 = Uint8Array.of(1);
const SIGNATURE_LINE = /^— ([^ ]+) ([^ ]+)$/;
const VERIFIER_KEY = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/;
const KEY_NAME = /^[^\s\u0085+]+$/u;
const CONTROL_CHARACTER = /[\u0000-\u0009\u000b-\u001f]/;

/** True when a note can be signed under this name: not empty, no spaces, no plus. */
export function isKeyName(name: string): boolean {
  return KEY_NAME.test(name) && isWellFormed(name) && !CONTROL_CHARACTER.test(name);
}

/** The verifier key for an Ed25519 public key of 32 bytes. Throws RangeError for bad input. */
export function noteVerifierKey(
  name: string,
  publicKey: Uint8Array,
  sha256: Sha256,
): NoteVerifierKey {
  if (!isKeyName(name)) throw new RangeError(`${name} cannot name a key: no spaces, no plus`);
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new RangeError('a public key has 32 bytes');
  const id = sha256(concatBytes([utf8(`${name}\n`), ED25519, publicKey])).slice(0, KEY_ID_BYTES);
  return { name, id, publicKey };
}

/** `name+id+base64(0x01 || public key)`, as tools of other makers take it. */
export function noteVerifierKeyText(key: NoteVerifierKey): string {
  const encoded = base64Of(concatBytes([ED25519, key.publicKey]));
  return `${key.name}+${hexOf(key.id)}+${encoded}`;
}

/** Reads a verifier key; its id must be the one of its name and key. */
export function parseNoteVerifierKey(text: string, sha256: Sha256): Parsed<NoteVerifierKey> {
  const match = VERIFIER_KEY.exec(text);
  if (!match) return unreadable('a verifier key reads NAME+8 hex digits+BASE64');
  const [, name, id, encoded] = match as unknown as readonly [string, string, string, string];
  if (!isKeyName(name)) return unreadable('the name of a key has no spaces');
  const publicKey = ed25519KeyOf(encoded);
  if (!publicKey) return unreadable('the key is no Ed25519 key (type 0x01, 32 bytes)');
  const key = noteVerifierKey(name, publicKey, sha256);
  return hexOf(key.id) === id
    ? parsed(key)
    : unreadable('the id is not the one of this name and key: check for a copying error');
}

function ed25519KeyOf(encoded: string): Uint8Array | undefined {
  const bytes = bytesOfBase64(encoded);
  const isEd25519 = bytes?.length === 1 + PUBLIC_KEY_BYTES && bytes[0] === ED25519[0];
  return isEd25519 ? bytes.slice(1) : undefined;
}

/** The note as it is stored and sent. The text must end with a newline. */
export function signedNoteText(note: SignedNote): string {
  const lines = note.signatures.map(
    ({ name, id, signature }) => `— ${name} ${base64Of(concatBytes([id, signature]))}\n`,
  );
  return `${note.text}\n${lines.join('')}`;
}

/** Reads a note; nothing in it is to be believed before `openNote` accepts it. */
export function parseSignedNote(note: string): Parsed<SignedNote> {
  if (!isWellFormed(note) || CONTROL_CHARACTER.test(note)) {
    return unreadable('a note is UTF-8 without control characters other than newline');
  }
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) {
    return unreadable('a note is a text, an empty line and signature lines, each with its newline');
  }
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > NOTE_SIGNATURE_COUNT_MAX) {
    return unreadable(`more than ${String(NOTE_SIGNATURE_COUNT_MAX)} signatures are not read`);
  }
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = signatureOfLine(line);
    if (!signature) return unreadable('a signature line reads — NAME BASE64(id || signature)');
    signatures.push(signature);
  }
  return parsed({ text: note.slice(0, split + 1), signatures });
}

function signatureOfLine(line: string): NoteSignature | undefined {
  const [, name = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = bytesOfBase64(encoded);
  if (!isKeyName(name) || !bytes || bytes.length <= KEY_ID_BYTES) return undefined;
  return { name, id: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES) };
}

export type NoteRefusal = 'MALFORMED_NOTE' | 'UNTRUSTED_KEY' | 'BAD_SIGNATURE';

/** A note's text and the trusted keys whose signatures of it hold: at least one. */
export interface OpenedNote {
  readonly ok: true;
  readonly text: string;
  readonly signers: readonly NoteVerifierKey[];
}

/** Reads a note and checks each signature by one of `keys`; all of those must hold. */
export function openNote(
  note: string,
  keys: readonly NoteVerifierKey[],
  crypto: VerifierCrypto,
): OpenedNote | Refusal<NoteRefusal> {
  const read = parseSignedNote(note);
  if (!read.ok) return refusal('MALFORMED_NOTE', read.problem);
  const message = utf8(read.value.text);
  const signers: NoteVerifierKey[] = [];
  for (const { name, id, signature } of read.value.signatures) {
    const key = keys.find((known) => known.name === name && bytesEqual(known.id, id));
    if (!key) continue;
    if (!crypto.verifyEd25519(key.publicKey, message, signature)) {
      return refusal('BAD_SIGNATURE', `the signature of ${name} does not fit the text and the key`);
    }
    signers.push(key);
  }
  if (signers.length === 0) {
    const names = [...new Set(read.value.signatures.map(({ name }) => name))].join(', ');
    return refusal('UNTRUSTED_KEY', `signed by ${names}, with none of the trusted keys`);
  }
  return { ok: true, text: read.value.text, signers };
}
