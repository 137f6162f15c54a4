// The SDK's package as its users get it: built into the node_modules of a folder of theirs.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Runtime } from './sdk-runtimes';

/** A new folder with the package in it; whoever asks removes it. */
export function folderWithPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'deltabook-sdk-'));
  const place = placeOfPackage(folder);
  mkdirSync(place, { recursive: true });
  execFileSync(process.execPath, ['.ci/build-sdk.mjs', place]);
  return folder;
}

export const placeOfPackage = (folder: string): string =>
  join(folder, 'node_modules/@deltabook/sdk');

export interface Program {
  readonly folder: string;
  /** Name of its file, whose ending says which module system it is of. */
  readonly name: string;
  readonly code: string;
  readonly args: readonly string[];
}

/** Runs a program of the package's user in its own process; gives all that it wrote. */
export async function runProgramOn(
  { command, flags }: Runtime,
  { folder, name, code, args }: Program,
): Promise<{ readonly output: string; readonly problems: string }> {
  const file = join(folder, name);
  writeFileSync(file, code);
  const child = spawn(command, [...flags, file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { output, problems };
}
