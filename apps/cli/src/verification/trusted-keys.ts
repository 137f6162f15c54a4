// The keys that a reader of receipts trusts, as they were given on the command line.
import { sha256, verifyEd25519 } from '@deltabook/adapters/node-crypto';
import {
  noteVerifierKeys,
  parseKeysJson,
  parseNoteVerifierKey,
  verifyKeyChain,
  type NoteVerifierKey,
} from '@deltabook/integrity';
import { readGivenFile } from '../given-file';
import { UsageError } from '../usage-error';

const CRYPTO = { sha256, verifyEd25519 };

export interface GivenKeys {
  /** Verifier keys, `name+id+base64`. */
  readonly texts: readonly string[];
  /** A file of such keys, one a line, or the document of /.well-known/deltabook-keys. */
  readonly file: string | undefined;
}

/** All of them. `origin` is the log whose receipt is checked. Throws UsageError for a bad key. */
export function trustedKeys({ texts, file }: GivenKeys, origin: string): NoteVerifierKey[] {
  const keys = [...texts.map(keyOf), ...(file === undefined ? [] : keysOfFile(file, origin))];
  if (keys.length > 0) return keys;
  throw new UsageError('no public key: give --key or --key-file');
}

function keyOf(text: string): NoteVerifierKey {
  const key = parseNoteVerifierKey(text.trim(), sha256);
  if (key.ok) return key.value;
  throw new UsageError(`"${text}" is no public key: ${key.problem}`);
}

function keysOfFile(file: string, origin: string): NoteVerifierKey[] {
  const text = readGivenFile(file);
  if (text.trimStart().startsWith('{')) return keysOfDocument(file, text, origin);
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : keyOf(line)));
}

/** Every key of the chain counts, once each is found to be vouched for by the one before. */
function keysOfDocument(file: string, text: string, origin: string): NoteVerifierKey[] {
  const chain = parseKeysJson(jsonOf(file, text));
  if (!chain.ok) throw new UsageError(`${file}: ${chain.problem}`);
  const verified = verifyKeyChain(chain.value, [], CRYPTO);
  if (!verified.ok) throw new UsageError(`${file}: ${verified.problem}`);
  if (!origin.startsWith(`${chain.value.installation}/`)) {
    throw new UsageError(`${file} holds keys of ${chain.value.installation}, not of ${origin}`);
  }
  return noteVerifierKeys(origin, verified.publicKeys, sha256);
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${file} is neither JSON nor a list of public keys`);
  }
}
