// Where an import that was stopped goes on: a small file beside the one that is imported. A file
// that has changed since, another service or another mapping start anew, which is safe: every row
// carries its key.
import { createHash } from 'node:crypto';
import {
  closeSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { Progress } from './import-run';

const FORMAT = 1;
const FINGERPRINT_BYTES = 64 * 1024;

export const NO_PROGRESS: Progress = {
  settledLine: 0,
  counts: { accepted: 0, repeated: 0, refused: 0 },
};

/** Tells apart what must not be mixed: the file's size and start, the target and the mapping. */
export function fingerprintOf(file: string, target: readonly unknown[]): string {
  const start = Buffer.alloc(FINGERPRINT_BYTES);
  const descriptor = openSync(file, 'r');
  const byteCount = readSync(descriptor, start, 0, start.length, 0);
  closeSync(descriptor);
  const hash = createHash('sha256').update(start.subarray(0, byteCount));
  const { size, mtimeMs } = statSync(file);
  return hash.update(JSON.stringify([size, mtimeMs, ...target])).digest('hex');
}

export class SavedProgress {
  constructor(
    private readonly file: string,
    private readonly fingerprint: string,
  ) {}

  /** What an earlier run of the same import left; undefined when it finished or never was. */
  read(): Progress | undefined {
    try {
      const { format, fingerprint, settledLine, counts } = JSON.parse(
        readFileSync(this.file, 'utf8'),
      ) as Progress & { readonly format: number; readonly fingerprint: string };
      const isOurs = format === FORMAT && fingerprint === this.fingerprint;
      return isOurs ? { settledLine, counts } : undefined;
    } catch {
      return undefined;
    }
  }

  /** Replaces the file at once, so that a crash leaves the old one or the new one. */
  write({ settledLine, counts }: Progress): void {
    const text = JSON.stringify({
      format: FORMAT,
      fingerprint: this.fingerprint,
      settledLine,
      counts,
    });
    const fresh = `${this.file}.new`;
    writeFileSync(fresh, `${text}\n`);
    renameSync(fresh, this.file);
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }
}
