// What a folder of a backup holds, and what it says of itself.

export const BACKUP_FORMAT = 'deltabook-backup@v1';

/** Names in the folder. */
export const BACKUP_FILES = {
  manifest: 'backup.json',
  log: 'log.db',
  signingKey: 'signing-key.pem',
  signedHeads: 'signed-heads',
} as const;

export interface BackupManifest {
  readonly format: typeof BACKUP_FORMAT;
  /** The same in every copy of the log. */
  readonly logId: string;
  readonly installation: string;
  /** Of the store that was copied; what is restored gets another. */
  readonly storeId: string;
  /** Position of the last event in it; 0 when there is none. */
  readonly position: string;
  /** RFC 3339 UTC, 3 fraction digits. */
  readonly takenAt: string;
  /** False where the key is kept elsewhere. */
  readonly hasKey: boolean;
  readonly byteCount: number;
  /** SHA-256 of the file of the log, 64 hex digits. */
  readonly sha256: string;
}

const TEXTS = ['logId', 'sha256', 'position', 'takenAt'] as const;

/** The manifest of a text; undefined when it is none of this format. */
export function parseBackupManifest(text: string): BackupManifest | undefined {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof BackupManifest, unknown>>;
    const isWhole = TEXTS.every((name) => typeof value[name] === 'string');
    return isWhole && value.format === BACKUP_FORMAT ? (value as BackupManifest) : undefined;
  } catch {
    return undefined;
  }
}
