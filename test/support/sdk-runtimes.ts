// The runtimes that the SDK's package is tried on: the one of the tests, and whichever others
// SDK_RUNTIMES names, e.g. SDK_RUNTIMES=/opt/node-18/bin/node:/opt/deno/deno:/opt/bun/bun
import { basename, delimiter } from 'node:path';

export interface Runtime {
  readonly name: string;
  readonly command: string;
  /** What comes before the file of a program. */
  readonly flags: readonly string[];
}

const named = (process.env['SDK_RUNTIMES'] ?? '').split(delimiter).filter((path) => path !== '');

/** The package is in node_modules beside the program, as npm puts it. */
const DENO_FLAGS = ['run', '--allow-all', '--node-modules-dir=manual'];

export const OTHER_RUNTIMES: readonly Runtime[] = named.map((command) => ({
  name: command,
  command,
  flags: basename(command).startsWith('deno') ? DENO_FLAGS : [],
}));

export const RUNTIMES: readonly Runtime[] = [
  { name: `Node ${process.version}`, command: process.execPath, flags: [] },
  ...OTHER_RUNTIMES,
];
