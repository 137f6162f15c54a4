// What a person sees of an import while it runs and at its end: a bar on a terminal, plain lines
// elsewhere, on stderr; the result goes to stdout.
import { Presets, SingleBar } from 'cli-progress';
import type { Counts, RefusedRow } from './import-run';

/** Pause between two plain lines. */
const LINE_MS = 5_000;

export interface ImportDisplay {
  update(byteCount: number, counts: Counts): void;
  note(text: string): void;
  end(): void;
}

const countsText = ({ accepted, repeated, refused }: Counts): string =>
  `${accepted} accepted, ${repeated} repeated, ${refused} refused`;

/** A bar where stderr is a terminal, else a line now and then. */
export function importDisplay(fileBytes: number): ImportDisplay {
  return process.stderr.isTTY ? barDisplay(fileBytes) : lineDisplay(fileBytes);
}

function barDisplay(fileBytes: number): ImportDisplay {
  const format = '{bar} {percentage}% | {counts} | {eta_formatted} left';
  const bar = new SingleBar({ format, stream: process.stderr }, Presets.shades_classic);
  bar.start(fileBytes, 0, { counts: '' });
  return {
    update: (byteCount, counts) => bar.update(byteCount, { counts: countsText(counts) }),
    note: (text) => process.stderr.write(`\n${text}\n`),
    end: () => bar.stop(),
  };
}

function lineDisplay(fileBytes: number): ImportDisplay {
  let next = performance.now() + LINE_MS;
  return {
    update: (byteCount, counts) => {
      if (performance.now() < next) return;
      next = performance.now() + LINE_MS;
      const percent = Math.floor((byteCount / Math.max(fileBytes, 1)) * 100);
      process.stderr.write(`${percent}% read: ${countsText(counts)}\n`);
    },
    note: (text) => process.stderr.write(`${text}\n`),
    end: () => undefined,
  };
}

export interface ImportSummary extends Counts {
  readonly file: string;
  /** False when the run stopped before the end; the same command goes on. */
  readonly finished: boolean;
  readonly seconds: number;
  /** Line up to which an earlier run had settled everything; 0 for none. */
  readonly resumedAfterLine: number;
  readonly refusedRows: readonly RefusedRow[];
}

/** The result for people: refused rows by line, then the counts. */
export function summaryText(summary: ImportSummary): string {
  const { file, refused, refusedRows, seconds } = summary;
  const rows = refusedRows.map(({ line, code, message }) => `${file}:${line}: ${code}: ${message}`);
  const unnamed = refused - refusedRows.length;
  if (unnamed > 0) rows.push(`… and ${unnamed} more; --refused FILE writes all of them`);
  return [...rows, `${file}: ${countsText(summary)} in ${seconds.toFixed(1)} s`].join('\n');
}
