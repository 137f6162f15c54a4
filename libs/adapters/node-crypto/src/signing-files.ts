// Where an installation keeps its signing key and what it signed last.
import { dirname, join } from 'node:path';

const KEY_FILE = 'signing-key.pem';
/** Beside the private key: what was signed is known wherever the key is. */
const SIGNED_HEADS_FOLDER = 'signed-heads';

export interface SigningFiles {
  /** Private key in PEM. */
  readonly keyFile: string;
  /** Folder of the last signed head of each seal log. */
  readonly signedHeadsDir: string;
}

/** `givenKeyFile` is what the setting SIGNING_KEY_FILE says; empty for the one in DATA_DIR. */
export function signingFiles(dataDir: string, givenKeyFile: string): SigningFiles {
  const keyFile = givenKeyFile || join(dataDir, KEY_FILE);
  return { keyFile, signedHeadsDir: join(dirname(keyFile), SIGNED_HEADS_FOLDER) };
}
