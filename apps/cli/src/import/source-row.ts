// One record of a file that is imported, whatever the file's format.

/** A record, or what is wrong with it as a record. */
export type SourceRow = {
  /** Line of the file on which the record starts, from 1. */
  readonly line: number;
  /** Bytes of the file read so far. */
  readonly byteCount: number;
} & (
  | { readonly fields: Readonly<Record<string, unknown>> }
  | { readonly malformed: string; readonly text: string }
);

/** The file itself is not what it was said to be: nothing of it is imported. */
export class SourceError extends Error {
  readonly code = 'WRONG_FILE';
}
