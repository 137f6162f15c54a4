// What checking receipts needs of a platform: JavaScript that runs everywhere, on pages without TLS
// too, where browsers have no WebCrypto; and Ed25519 of the platform where it can be had at once.
import { concatBytes, type VerifierCrypto } from '@deltabook/integrity';
import { ed25519 } from '@noble/curves/ed25519';
import { sha256 } from '@noble/hashes/sha2';

/** What is used of `node:crypto`, which Deno and Bun have too. */
export interface NativeCrypto {
  createPublicKey(key: {
    readonly key: Uint8Array;
    readonly format: 'der';
    readonly type: 'spki';
  }): object;
  verify(algorithm: null, message: Uint8Array, key: object, signature: Uint8Array): boolean;
}

interface NativeProcess {
  readonly getBuiltinModule?: (name: string) => unknown;
}

/** DER of an Ed25519 SubjectPublicKeyInfo up to the key (RFC 8410 section 4). */
const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0);

/** Undefined in browsers, and on Node before 20.16. No import: bundlers would look for it. */
function nativeCrypto(): NativeCrypto | undefined {
  const { process } = globalThis as { readonly process?: NativeProcess };
  return process?.getBuiltinModule?.('node:crypto') as NativeCrypto | undefined;
}

/** `native` takes a tenth of the time; where it cannot check a signature, JavaScript does. */
export function receiptCryptoOn(native: NativeCrypto | undefined): VerifierCrypto {
  return {
    sha256,
    verifyEd25519(publicKey, message, signature) {
      try {
        if (native) {
          const der = concatBytes([SPKI_PREFIX, publicKey]);
          const key = native.createPublicKey({ key: der, format: 'der', type: 'spki' });
          return native.verify(null, message, key, signature);
        }
      } catch {
        // A runtime without Ed25519, or no key at all.
      }
      return verifiedInJavaScript(publicKey, message, signature);
    },
  };
}

const verifiedInJavaScript: VerifierCrypto['verifyEd25519'] = (publicKey, message, signature) => {
  try {
    // As RFC 8032 has it, and as Node checks.
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
};

export const receiptCrypto = receiptCryptoOn(nativeCrypto());
