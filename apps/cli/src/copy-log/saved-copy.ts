// How far a copy has come, in a file in DATA_DIR, so that one that was cut short goes on there.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'copy-log.json';

interface SavedCopy {
  readonly fromStoreId: string;
  readonly toStoreId: string;
  /** Position in the source up to which everything is in the target. */
  readonly position: string;
}

export class CopyProgress {
  private readonly file: string;

  constructor(
    dataDir: string,
    private readonly fromStoreId: string,
    private readonly toStoreId: string,
  ) {
    this.file = join(dataDir, FILE);
  }

  /** Undefined when no copy between these two stores was begun. */
  read(): bigint | undefined {
    try {
      const saved = JSON.parse(readFileSync(this.file, 'utf8')) as SavedCopy;
      const isOfThese =
        saved.fromStoreId === this.fromStoreId && saved.toStoreId === this.toStoreId;
      return isOfThese ? BigInt(saved.position) : undefined;
    } catch {
      // No file, or one that was cut off: what is stored is compared as it is met.
      return undefined;
    }
  }

  write(position: bigint): void {
    const { fromStoreId, toStoreId } = this;
    const saved: SavedCopy = { fromStoreId, toStoreId, position: position.toString() };
    writeFileSync(`${this.file}.next`, JSON.stringify(saved));
    renameSync(`${this.file}.next`, this.file);
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }
}
