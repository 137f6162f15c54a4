// Files that are generated and checked in: `npm run golden`
// rewrites them, every other run compares.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Expects the file at `path` (from the repository's root) to hold exactly `text`. */
export function expectGolden(path: string, text: string): void {
  const file = join(process.cwd(), path);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  if (stored(file) === text) return;
  throw new Error(`${path} is stale: run \`npm run golden\` and review what changes`);
}

function stored(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
