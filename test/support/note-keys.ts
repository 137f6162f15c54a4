// The public keys of a running service, as a verifier far from it would fetch them once and pin.
import { verifyEd25519, sha256 } from '@deltabook/adapters/node-crypto';
import {
  parseNoteVerifierKey,
  type NoteVerifierKey,
  type VerifierCrypto,
} from '@deltabook/integrity';
import type { ServiceProcess } from './service-process';

export const ORIGIN = 'deltabook/default-sandbox';
export const verifierCrypto: VerifierCrypto = { sha256, verifyEd25519 };

/** Lines of note verifier keys for the log of the sandbox of tenant `default`. */
export async function noteKeyLines(service: ServiceProcess): Promise<string[]> {
  const url = `${service.baseUrl}/.well-known/deltabook-keys?origin=${ORIGIN}`;
  return (await (await fetch(url)).text()).trimEnd().split('\n');
}

export async function noteKeys(service: ServiceProcess): Promise<NoteVerifierKey[]> {
  const lines = await noteKeyLines(service);
  return lines.map((line) => {
    const key = parseNoteVerifierKey(line, sha256);
    if (!key.ok) throw new Error(key.problem);
    return key.value;
  });
}
