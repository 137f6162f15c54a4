// The report: a table for each scenario, its measures with their bars, and the machine.
import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { GENERATOR_NAME } from './load/load-generator';
import { meetsBar, type Measure, type Row, type ScenarioReport } from './scenario';

const GIB = 1024 ** 3;
/** What git has to say beyond the commit is of no interest where there is no repository. */
const GIT_OUTPUT: ExecFileSyncOptionsWithStringEncoding = {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
};

export interface Report {
  readonly machine: Readonly<Record<string, string>>;
  readonly scenarios: readonly (ScenarioReport & { readonly name: string })[];
  /** Customers whose served figures differ from what was acknowledged. */
  readonly differences: readonly string[];
}

/** What figures depend on. */
export function machine(): Report['machine'] {
  const [cpu] = cpus();
  return {
    node: process.version,
    cpu: `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}`,
    memory: `${(totalmem() / GIB).toFixed(0)} GiB`,
    kernel: release(),
    commit: commit(),
    generator: GENERATOR_NAME,
  };
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], GIT_OUTPUT).trim();
  } catch {
    return 'unknown';
  }
}

/** A scenario's part of the report, for people. */
export function scenarioText(title: string, { measures, rows }: ScenarioReport): string {
  return [`\n## ${title}`, ...tableLines(rows), ...measures.map(measureLine)].join('\n');
}

/** True when every bar is met and what is served equals what was acknowledged. */
export function isGood({ differences, scenarios }: Report): boolean {
  const measures = scenarios.flatMap((scenario) => scenario.measures);
  return differences.length === 0 && measures.every(meetsBar);
}

function measureLine(measure: Measure): string {
  const { bar, value, what } = measure;
  const verdict = meetsBar(measure) ? 'met' : 'MISSED';
  const text = `${what}: ${shown(value)}`;
  if (!bar) return text;
  return 'atLeast' in bar
    ? `${text} (at least ${bar.atLeast}: ${verdict})`
    : `${text} (at most ${bar.atMost}: ${verdict})`;
}

function tableLines(rows: readonly Row[]): readonly string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [names, ...rows.map((row) => names.map((name) => shown(row[name] ?? '')))];
  const widths = names.map((_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  );
  return cells.map((row) =>
    row
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

function shown(value: string | number): string {
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(2);
}
