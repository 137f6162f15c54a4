// Reads a file of one JSON object a line; a line that is none is passed on with its number.
import { readLines } from './read-lines';
import type { SourceRow } from './source-row';

/** Yields the records of `file`; empty lines are none. */
export async function* readJsonLines(file: string): AsyncGenerator<SourceRow> {
  for await (const { line, text, byteCount } of readLines(file)) {
    const trimmed = text.replace(/^\uFEFF/, '').trim();
    if (trimmed === '') continue;
    const fields = objectOf(trimmed);
    yield fields
      ? { line, byteCount, fields }
      : { line, byteCount, malformed: 'is no JSON object', text };
  }
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
