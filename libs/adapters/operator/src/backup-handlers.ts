// `deltabook backup`: the log, the signing key and the last signed heads, in one folder, while the
// service goes on.
import type { AccessOrigin } from '@deltabook/application';
import { timeText } from '@deltabook/domain';
import type { Json } from '@deltabook/integrity';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  writeSync,
} from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { BACKUP_FILES, BACKUP_FORMAT, type BackupManifest } from './backup-manifest';
import { textOf } from './operator-arguments';
import { OperatorRefusal, type OperatorHandlers } from './operator-handler';
import { progressSteps } from './progress-steps';

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

export interface BackupHandlersParts {
  readonly storeId: string;
  /** Id and name of the log, as its first event has them. */
  readonly log: () => Promise<{ readonly logId: string; readonly installation: string }>;
  /** Private key in PEM, which may be missing, and the folder of the last signed heads. */
  readonly keyFile: string;
  readonly signedHeadsDir: string;
  readonly origin: () => Pick<AccessOrigin, 'now'>;
  /** Copies the log into a file that does not exist. */
  readonly backUpLog: (
    file: string,
    onShare: (share: number) => void,
  ) => Promise<{
    readonly position: string;
    readonly byteCount: number;
    readonly sha256: string;
  }>;
}

/** `backup` with `dir`, an absolute path of a folder that is empty or not there. */
export function backupHandlers(parts: BackupHandlersParts): OperatorHandlers {
  return {
    backup: (args) =>
      progressSteps((onProgress) =>
        backUp(textOf(args, 'dir'), parts, (share) => onProgress({ share })),
      ),
  };
}

async function backUp(
  dir: string,
  parts: BackupHandlersParts,
  onShare: (share: number) => void,
): Promise<Json> {
  prepareFolder(dir);
  const { keyFile, signedHeadsDir, storeId } = parts;
  const hasKey = existsSync(keyFile);
  if (hasKey) copyOwnerOnly(keyFile, join(dir, BACKUP_FILES.signingKey));
  // Before the log: every head that is kept beside the key is over seals that the copy then has.
  if (existsSync(signedHeadsDir)) {
    cpSync(signedHeadsDir, join(dir, BACKUP_FILES.signedHeads), { recursive: true });
  }
  const log = await parts.backUpLog(join(dir, BACKUP_FILES.log), onShare);
  const { logId, installation } = await parts.log();
  const takenAt = timeText(parts.origin().now);
  const manifest: BackupManifest = {
    format: BACKUP_FORMAT,
    ...{ logId, installation, storeId, takenAt, hasKey },
    ...log,
  };
  writeDurably(join(dir, BACKUP_FILES.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
  return { dir, ...manifest };
}

function prepareFolder(dir: string): void {
  if (!isAbsolute(dir)) throw new OperatorRefusal('INVALID_ARGUMENT', 'dir must be absolute');
  mkdirSync(dir, { recursive: true, mode: OWNER_ONLY_FOLDER });
  if (readdirSync(dir).length === 0) return;
  throw new OperatorRefusal('BACKUP_OCCUPIED', `${dir} is not empty; name a new folder`);
}

function copyOwnerOnly(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, OWNER_ONLY_FILE);
}

/** The manifest comes last: a folder without it is no backup. */
function writeDurably(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', OWNER_ONLY_FILE);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
