// Where commands write: results to standard output, all else to standard error.

export interface Terminal {
  /** A line of the result: what a script reads. */
  readonly result: (line: string) => void;
  /** A line for people. */
  readonly note: (line: string) => void;
}

export const processTerminal: Terminal = {
  result: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
};

/** Lines of a table: a heading and rows, columns as wide as their widest text. */
export function tableLines(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  return [heading, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Lines of one thing's facts: names, then values one under the other. */
export function factLines(facts: Readonly<Record<string, string>>): readonly string[] {
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  return Object.entries(facts).map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

/** An exact amount with its sign, as a change of a balance is read. */
export function signedAmount(decimal: string): string {
  return decimal.startsWith('-') ? decimal : `+${decimal}`;
}
