// Reads a CSV file record by record. What is no record is passed on with its line, and reading goes
// on with the next line: a stray quotation mark costs one row, not the rest of the file.
import { parseCsvRecord, type CsvRecord } from './csv-record';
import { readLines, type Line } from './read-lines';
import { SourceError, type SourceRow } from './source-row';

/** Lines that one record may go over before its quotation mark counts as never closed. */
const RECORD_LINES_MAX = 200;

interface RecordAt {
  readonly first: Line;
  readonly text: string;
  readonly record: CsvRecord;
}

/** Yields the records of `file`; `checkHeader` may throw a SourceError for missing columns. */
export async function* readCsv(
  file: string,
  delimiter: string,
  checkHeader: (columns: readonly string[]) => void,
): AsyncGenerator<SourceRow> {
  let header: readonly string[] | undefined;
  for await (const read of recordsOf(readLines(file), delimiter)) {
    if (header) {
      yield rowOf(header, read);
    } else {
      header = headerOf(read);
      checkHeader(header);
    }
  }
  if (!header) throw new SourceError('the file has no header line');
}

/** Joins lines to records; empty lines between records are none. */
async function* recordsOf(lines: AsyncIterable<Line>, delimiter: string): AsyncGenerator<RecordAt> {
  let open: Line[] = [];
  for await (const line of lines) {
    if (open.length === 0 && line.text === '') continue;
    open.push(line);
    const read = recordIn(open, delimiter);
    if (read.record.kind !== 'open') {
      yield read;
      open = [];
    } else if (open.length >= RECORD_LINES_MAX) {
      open = yield* closeFirst(open, delimiter);
    }
  }
  while (open.length > 0) open = yield* closeFirst(open, delimiter);
}

/** Gives up the first line as malformed and reads the others anew; gives what stays open. */
function* closeFirst(lines: readonly Line[], delimiter: string): Generator<RecordAt, Line[]> {
  const [first, ...others] = lines;
  if (!first) return [];
  const reason = 'has a quotation mark that is never closed';
  yield { first, text: first.text, record: { kind: 'malformed', reason } };
  let open: Line[] = [];
  for (const line of others) {
    if (open.length === 0 && line.text === '') continue;
    open.push(line);
    const read = recordIn(open, delimiter);
    if (read.record.kind === 'open') continue;
    yield read;
    open = [];
  }
  return open;
}

function recordIn(lines: readonly Line[], delimiter: string): RecordAt {
  const [first = NO_LINE] = lines;
  const last = lines.length - 1;
  const text = lines.map((line, index) => line.text + (index < last ? line.end : '')).join('');
  return { first, text, record: parseCsvRecord(text, delimiter) };
}

const NO_LINE: Line = { line: 0, text: '', end: '\n', byteCount: 0 };

function headerOf({ record, text }: RecordAt): readonly string[] {
  if (record.kind !== 'record') throw new SourceError(`the header is no CSV record: ${text}`);
  const [first = '', ...others] = record.columns;
  const names = [first.replace(/^\uFEFF/, ''), ...others].map((name) => name.trim());
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new SourceError(`two columns are named "${repeated}"`);
  return names;
}

function rowOf(header: readonly string[], { first, record, text }: RecordAt): SourceRow {
  const place = { line: first.line, byteCount: first.byteCount };
  if (record.kind !== 'record') {
    const malformed = record.kind === 'malformed' ? record.reason : 'is not complete';
    return { ...place, malformed, text };
  }
  const { columns } = record;
  if (columns.length !== header.length) {
    const malformed = `has ${columns.length} columns, the header has ${header.length}`;
    return { ...place, malformed, text };
  }
  const fields: Record<string, string> = {};
  for (const [index, name] of header.entries()) {
    const value = columns[index] ?? '';
    if (value !== '') fields[name] = value;
  }
  return { ...place, fields };
}
