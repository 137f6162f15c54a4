// The last signed head of each seal log, one file each, in a folder beside the private key: what
// was signed is known even when the log is restored from an old backup.
import type { SealScope } from '@deltabook/domain';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const OWNER_ONLY = 0o700;

export class SignedHeadFolder {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
  }

  /** The signed note; undefined when none was signed yet. Throws what reading may cause. */
  read(scope: SealScope): string | undefined {
    try {
      return readFileSync(this.fileOf(scope), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Puts the note in the place of the one before; durable when it returns. */
  write(scope: SealScope, note: string): void {
    const file = this.fileOf(scope);
    const next = `${file}.next`;
    withFile(next, 'w', (descriptor) => {
      writeSync(descriptor, note);
      fsyncSync(descriptor);
    });
    renameSync(next, file);
    withFile(this.folder, 'r', fsyncSync);
  }

  private fileOf({ tenant, environment }: SealScope): string {
    return join(this.folder, `${tenant}-${environment}.note`);
  }
}

function withFile(path: string, flags: string, work: (descriptor: number) => void): void {
  const descriptor = openSync(path, flags);
  try {
    work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
