// Tells an error of SQLite that goes away once the disk has room from one that does not.

/** SQLite's primary result code for it. */
const SQLITE_FULL = 13;
const PRIMARY_CODE = 0xff;

export function isFull(error: unknown): boolean {
  const code = (error as { errcode?: number } | undefined)?.errcode;
  return code !== undefined && (code & PRIMARY_CODE) === SQLITE_FULL;
}
