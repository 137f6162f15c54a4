// The repository as the architecture tests see it: its files, without what is installed or built.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = process.cwd();
const NOT_OURS = new Set(['node_modules', 'dist', 'data', 'coverage', '.git']);

/** Names at the top of the repository that belong to it. */
export function topLevelNames(): readonly string[] {
  return readdirSync(ROOT).filter((name) => !NOT_OURS.has(name) && !name.endsWith('.log'));
}

/** Paths of all files, relative to the root, with forward slashes, sorted. */
export function repositoryFiles(): readonly string[] {
  const files: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (NOT_OURS.has(entry.name) || entry.name.endsWith('.log')) continue;
      if (entry.isDirectory()) walk(path);
      else files.push(path);
    }
  };
  walk('');
  return files.sort();
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function byteCountOf(path: string): number {
  return statSync(join(ROOT, path)).size;
}

/** Every line of `files` that matches, as `path:line`. */
export function linesMatching(files: readonly string[], pattern: RegExp): readonly string[] {
  return files.flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}
