// What checking receipts needs of a platform, without asking one: the same on Node, Deno, Bun and
// in browsers, on pages without TLS too, where browsers have no WebCrypto.
import type { VerifierCrypto } from '@deltabook/integrity';
import { ed25519 } from '@noble/curves/ed25519';
import { sha256 } from '@noble/hashes/sha2';

export const receiptCrypto: VerifierCrypto = {
  sha256,
  verifyEd25519(publicKey, message, signature) {
    try {
      // As RFC 8032 has it, and as Node checks.
      return ed25519.verify(signature, message, publicKey, { zip215: false });
    } catch {
      return false;
    }
  },
};
