// Public keys as a caller names those it trusts.
import { bytesOfBase64, parseNoteVerifierKey } from '@deltabook/integrity';
import { invalidArgument } from '../errors';
import { receiptCrypto } from './receipt-crypto';

const KEY_BYTES = 32;

/**
 * The 32 bytes of a key: base64 as in the keys document, or a verifier key `NAME+ID+BASE64`.
 * Throws ValidationError INVALID_ARGUMENT.
 */
export function publicKeyOf(text: string): Uint8Array {
  const key = rawKey(text) ?? noteKey(text);
  if (key) return key;
  throw invalidArgument(`"${text}" is no public key: give base64 of 32 bytes, or NAME+ID+BASE64`);
}

function rawKey(text: string): Uint8Array | undefined {
  const bytes = bytesOfBase64(text);
  return bytes?.length === KEY_BYTES ? bytes : undefined;
}

function noteKey(text: string): Uint8Array | undefined {
  const key = parseNoteVerifierKey(text, receiptCrypto.sha256);
  return key.ok ? key.value.publicKey : undefined;
}
