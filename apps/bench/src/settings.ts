// What the bench's own processes are told through their environment.

export interface BareSettings {
  readonly replyBytes: number;
  /** Folder to store in; empty for a server that only replies. */
  readonly dataDir: string;
}

/** Settings of the bare server's process. */
export function bareSettings(): BareSettings {
  return {
    replyBytes: Number(process.env['BARE_REPLY_BYTES'] ?? 0),
    dataDir: process.env['BARE_DATA_DIR'] ?? '',
  };
}
