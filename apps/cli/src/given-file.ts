// Reads files that are named on the command line.
import { readFileSync } from 'node:fs';
import { UsageError } from './usage-error';

/** The file's text. Throws UsageError where it cannot be read. */
export function readGivenFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = String(error) } = error as { readonly code?: string };
    throw new UsageError(`${file} cannot be read (${code})`);
  }
}
