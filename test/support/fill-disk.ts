// Fills a small disk that a test has mounted, to the last byte.
import { closeSync, openSync, writeSync } from 'node:fs';

/** Writes a file until the disk takes no more; cutting it off makes room again. */
export function fillDisk(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4_096));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    closeSync(file);
  }
}
