// Hashes and proofs as replies carry them.
import type { SealProofFields } from '@deltabook/contracts';
import { hexOf, type SealProof } from '@deltabook/integrity';

/** `0x` and 64 hex digits. */
export const hashText = (hash: Uint8Array): string => `0x${hexOf(hash)}`;

export function sealProofFields({ index, hashes, logHead }: SealProof): SealProofFields {
  return { index: String(index), hashes: hashes.map(hashText), logHead };
}
