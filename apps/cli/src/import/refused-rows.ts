// Keeps the refused rows: all of them in a file if one is wanted, the first ones for the summary.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { RefusedRow } from './import-run';

/** Refused rows that the summary names; the file has all. */
export const NAMED_MAX = 10_000;

export class RefusedRows {
  private readonly rows: RefusedRow[] = [];

  /** `file` gets one JSON object a line; of an earlier run only lines up to `settledLine` stay. */
  constructor(
    private readonly file: string | undefined,
    settledLine: number,
  ) {
    if (file === undefined) return;
    const kept = settledLine === 0 ? [] : rowsIn(file).filter(({ line }) => line <= settledLine);
    for (const row of kept) this.keep(row);
    writeFileSync(file, kept.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }

  add(row: RefusedRow): void {
    this.keep(row);
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(row)}\n`);
  }

  /** By line; at most NAMED_MAX. */
  named(): readonly RefusedRow[] {
    return [...this.rows].sort((a, b) => a.line - b.line);
  }

  private keep(row: RefusedRow): void {
    if (this.rows.length < NAMED_MAX) this.rows.push(row);
  }
}

function rowsIn(file: string): readonly RefusedRow[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as RefusedRow);
}
