// Signs the head of a seal log, and only one that goes on from the last one signed.
import { sealLogOrigin, type SealScope } from '@deltabook/domain';
import {
  bytesEqual,
  logHeadText,
  noteVerifierKey,
  parseLogHead,
  parseSignedNote,
  signedNoteText,
  utf8,
  type LogHead,
  type Sha256,
} from '@deltabook/integrity';

/** Signs with the installation's activated key. */
export interface LogSigner {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Ed25519 signature, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** The last signed head of each seal log, kept beside the private key. */
export interface SignedHeadFiles {
  /** The signed note; undefined when none was signed yet. */
  read(scope: SealScope): string | undefined;
  /** Returns once it is durable. */
  write(scope: SealScope, note: string): void;
}

/** Why a head is not signed: it does not go on from what was signed before. */
export class InconsistentHeadError extends Error {
  readonly code = 'INCONSISTENT_LOG_HEAD';
}

export interface HeadToSign {
  readonly scope: SealScope;
  readonly size: number;
  /** Root of the seal log when it had that many seals. */
  rootAt(size: number): Uint8Array;
  /** Note of the newest head in the seal log's stream. */
  readonly storedNote: string | undefined;
}

export interface SigningParts {
  readonly installation: string;
  readonly signer: LogSigner;
  readonly files: SignedHeadFiles;
  readonly sha256: Sha256;
}

/**
 * The signed note of the log's head, already durable beside the key. Throws InconsistentHeadError
 * when it would contradict, or come before, a head that was signed.
 */
export function signLogHead(log: HeadToSign, parts: SigningParts): string {
  const { installation, signer, files, sha256 } = parts;
  const origin = sealLogOrigin(installation, log.scope);
  for (const note of [files.read(log.scope), log.storedNote]) {
    if (note !== undefined) checkGrowth(headOf(note, origin), log, origin);
  }
  const text = logHeadText({ origin, size: log.size, root: log.rootAt(log.size) });
  const { name, id } = noteVerifierKey(origin, signer.publicKey, sha256);
  const signature = signer.sign(utf8(text));
  const note = signedNoteText({ text, signatures: [{ name, id, signature }] });
  files.write(log.scope, note);
  return note;
}

function headOf(note: string, origin: string): LogHead {
  const signed = parseSignedNote(note);
  const head = signed.ok ? parseLogHead(signed.value.text) : undefined;
  if (head?.ok) return head.value;
  throw new InconsistentHeadError(`the last signed head of ${origin} cannot be read; restore it`);
}

function checkGrowth(last: LogHead, log: HeadToSign, origin: string): void {
  const advice = 'restore a log that has every signed seal';
  if (last.origin !== origin) {
    throw new InconsistentHeadError(`a head of ${last.origin} lies where that of ${origin} should`);
  }
  if (last.size > log.size) {
    const sizes = `${String(last.size)} seals were signed and the log has ${String(log.size)}`;
    throw new InconsistentHeadError(`${origin} is not signed any more: ${sizes}; ${advice}`);
  }
  if (last.size > 0 && !bytesEqual(log.rootAt(last.size), last.root)) {
    const size = `the first ${String(last.size)} seals are not those that were signed`;
    throw new InconsistentHeadError(`${origin} is not signed any more: ${size}; ${advice}`);
  }
}
