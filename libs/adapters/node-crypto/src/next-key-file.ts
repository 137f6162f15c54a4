// The signing key that is to take over, in a file beside the one that signs: it is there before the
// log says that it is active, so that no crash leaves an activated key that nobody has.
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Ed25519Signer } from './signing-key';

export class NextKeyFile {
  private readonly file: string;

  constructor(private readonly keyFile: string) {
    this.file = `${keyFile}.next`;
  }

  /** Makes a key; one that was made before and never took over is forgotten. */
  make(): Ed25519Signer {
    this.drop();
    return Ed25519Signer.ofFile(this.file);
  }

  /** The key that was made before; undefined when there is none. */
  read(): Ed25519Signer | undefined {
    return existsSync(this.file) ? Ed25519Signer.ofFile(this.file) : undefined;
  }

  /** Puts it into the place of the one that signed before. */
  takeOver(): void {
    renameSync(this.file, this.keyFile);
    const folder = openSync(dirname(this.keyFile), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }

  drop(): void {
    rmSync(this.file, { force: true });
  }
}
