// Runs dependency-cruiser with the rules of the house over a tree of sources.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './repository';

export interface Cruised {
  readonly modules: readonly {
    readonly source: string;
    readonly dependents: readonly string[];
  }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
export const RULES = join(ROOT, '.ci/dependency-rules.mjs');
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

/** Throws when the cruiser itself fails; violations are part of the result. */
export function cruise(folder: string): Cruised {
  const args = [CRUISER, '--config', RULES, '--output-type', 'json', 'apps', 'libs', 'test'];
  const run = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  if (!run.stdout.startsWith('{')) throw new Error(`dependency-cruiser failed: ${run.stderr}`);
  return JSON.parse(run.stdout) as Cruised;
}

/** Violations as `rule: from → to`. */
export function violationsOf({ summary }: Cruised): readonly string[] {
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}
