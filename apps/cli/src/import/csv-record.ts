// One record of a CSV file after RFC 4180, strictly: what is written wrongly is named, not guessed.

export type CsvRecord =
  | { readonly kind: 'record'; readonly columns: readonly string[] }
  /** A quoted column goes on on the next line. */
  | { readonly kind: 'open' }
  | { readonly kind: 'malformed'; readonly reason: string };

interface Column {
  readonly text: string;
  /** Where the column ended: at a delimiter, or at the end of the text. */
  readonly end: number;
}

/** Columns of a record's text. */
export function parseCsvRecord(text: string, delimiter: string): CsvRecord {
  const columns: string[] = [];
  for (let at = 0; ;) {
    const number = columns.length + 1;
    const isQuoted = text[at] === '"';
    const column = isQuoted ? quotedColumn(text, at) : plainColumn(text, at, delimiter);
    if (!column) return { kind: 'open' };
    if (!isQuoted && column.text.includes('"')) {
      return malformed(`has a quotation mark inside column ${number}, which is not quoted`);
    }
    columns.push(column.text);
    if (column.end === text.length) return { kind: 'record', columns };
    if (!text.startsWith(delimiter, column.end)) {
      return malformed(`has text after the closing quotation mark of column ${number}`);
    }
    at = column.end + delimiter.length;
  }
}

function plainColumn(text: string, start: number, delimiter: string): Column {
  const found = text.indexOf(delimiter, start);
  const end = found < 0 ? text.length : found;
  return { text: text.slice(start, end), end };
}

/** The column that opens with a quotation mark at `start`; undefined when none closes it. */
function quotedColumn(text: string, start: number): Column | undefined {
  let content = '';
  for (let from = start + 1; ;) {
    const mark = text.indexOf('"', from);
    if (mark < 0) return undefined;
    content += text.slice(from, mark);
    if (text[mark + 1] !== '"') return { text: content, end: mark + 1 };
    content += '"';
    from = mark + 2;
  }
}

function malformed(reason: string): CsvRecord {
  return { kind: 'malformed', reason };
}
