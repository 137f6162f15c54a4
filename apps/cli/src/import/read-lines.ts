// Reads a text file line by line, a piece at a time. Only a line feed ends a line: other characters
// that look like line ends may stand inside quoted columns and JSON strings.
import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { SourceError } from './source-row';

/** Longer than any row the service takes. */
const LINE_LENGTH_MAX = 1024 * 1024;

export interface Line {
  /** From 1. */
  readonly line: number;
  /** Without its end. */
  readonly text: string;
  readonly end: '\n' | '\r\n';
  /** Bytes of the file read so far. */
  readonly byteCount: number;
}

/** Yields every line; throws SourceError for what is no UTF-8 or has no line ends. */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 0;
  let byteCount = 0;
  let rest = '';
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    rest += decode(decoder, chunk, line);
    byteCount += chunk.length;
    const texts = rest.split('\n');
    rest = texts.pop() ?? '';
    for (const text of texts) {
      line += 1;
      yield lineOf(line, text, byteCount);
    }
    if (rest.length > LINE_LENGTH_MAX) {
      throw new SourceError(`line ${line + 1} is longer than ${LINE_LENGTH_MAX} characters`);
    }
  }
  rest += decode(decoder, undefined, line);
  if (rest !== '') yield lineOf(line + 1, rest, byteCount);
}

function decode(decoder: TextDecoder, chunk: Buffer | undefined, line: number): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw new SourceError(`the file is not in UTF-8, somewhere after line ${line}`);
  }
}

function lineOf(line: number, text: string, byteCount: number): Line {
  return text.endsWith('\r')
    ? { line, text: text.slice(0, -1), end: '\r\n', byteCount }
    : { line, text, end: '\n', byteCount };
}
