// The installation's signing key: an Ed25519 key in a file that only its owner can read, made at
// the first start, or given as text.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

const OWNER_ONLY = 0o600;
/** An Ed25519 public key in SubjectPublicKeyInfo is this many bytes and then the key. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The key cannot be used; the message is the one line to print. */
export class SigningKeyError extends Error {
  readonly code = 'SIGNING_KEY_UNUSABLE';
}

export class Ed25519Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;

  constructor(private readonly key: KeyObject) {
    const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
    this.publicKey = new Uint8Array(spki.subarray(SPKI_PREFIX.length));
  }

  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array {
    return new Uint8Array(sign(null, message, this.key));
  }

  /** The private key, to be handed to another thread; never to be logged. */
  get pem(): string {
    return this.key.export({ format: 'pem', type: 'pkcs8' }).toString();
  }

  /** Reads a private key in PEM (PKCS#8); throws SigningKeyError. */
  static ofPem(pem: string, source: string): Ed25519Signer {
    let key: KeyObject;
    try {
      key = createPrivateKey(pem);
    } catch {
      throw new SigningKeyError(`${source} is no private key in PEM; put back the one that was`);
    }
    if (key.asymmetricKeyType !== 'ed25519') {
      throw new SigningKeyError(`${source} is no Ed25519 key; make one with openssl genpkey`);
    }
    return new Ed25519Signer(key);
  }

  /** Reads the key of a file; makes both when there is none. Throws SigningKeyError. */
  static ofFile(file: string): Ed25519Signer {
    const pem = readIfThere(file);
    if (pem !== undefined) return Ed25519Signer.ofPem(pem, file);
    const signer = new Ed25519Signer(generateKeyPairSync('ed25519').privateKey);
    writeNew(file, signer.pem);
    return signer;
  }
}

/** Checks an Ed25519 signature: 32-byte key, message, 64-byte signature. */
export function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const der = Buffer.concat([SPKI_PREFIX, publicKey]);
  return verify(
    null,
    message,
    createPublicKey({ key: der, format: 'der', type: 'spki' }),
    signature,
  );
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SigningKeyError(`the signing key ${file} cannot be read; mend its permissions`);
  }
}

/** Durable before anything is signed with it: a key that is lost breaks the chain of keys. */
function writeNew(file: string, pem: string): void {
  const descriptor = openSync(file, 'wx', OWNER_ONLY);
  try {
    writeSync(descriptor, pem);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
