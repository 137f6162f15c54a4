// What an error of SQLite means to whoever meets it.

const PRIMARY_CODE = 0xff;
const FULL = 13;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** SQLite's primary result code; undefined when the error is none of SQLite's. */
export function sqliteCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | undefined)?.errcode;
  return typeof code === 'number' ? code & PRIMARY_CODE : undefined;
}

export const isFull = (code: number | undefined): boolean => code === FULL;

export const isCorrupt = (code: number | undefined): boolean =>
  code === CORRUPT || code === NOT_A_DATABASE;
