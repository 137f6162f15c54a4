// Makes an installation of a backup: copied beside its place, replayed there, compared with the
// last signed heads, and only then put into its place.
import {
  EmbeddedEventStore,
  giveNewStoreId,
  lockDataDir,
  settleLogFile,
} from '@deltabook/adapters/embedded';
import { SignedHeadFolder, signingFiles } from '@deltabook/adapters/node-crypto';
import {
  BACKUP_FILES,
  OperatorRefusal,
  parseBackupManifest,
  type BackupManifest,
} from '@deltabook/adapters/operator';
import type { AuditReport } from '@deltabook/application';
import type { Json } from '@deltabook/integrity';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { localAudit } from '../local-audit';

/** Where the copy is until it has proven good. */
const RESTORING = 'restoring';
const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;
/** What copying is of the work; the rest is replaying. */
const COPY_SHARE = 0.2;
/** What DATA_DIR may hold already: locks of commands that looked at it. */
const NO_OCCUPANTS = /^(lock\.db.*|restoring)$/;

export interface BackupToRestore {
  readonly dir: string;
  readonly dataDir: string;
  /** Signing key of the installation; empty for the one in its DATA_DIR. */
  readonly signingKeyFile: string;
  readonly onProgress: (progress: Json) => void;
}

export interface Restored extends Pick<BackupManifest, 'logId' | 'takenAt' | 'position'> {
  /** New: positions that were saved of the other store are refused. */
  readonly storeId: string;
  readonly report: AuditReport;
}

/** Throws OperatorRefusal with one line; DATA_DIR is then as it was. */
export async function restoreBackup(backup: BackupToRestore): Promise<Restored> {
  const manifest = manifestIn(backup.dir);
  const { dataDir } = backup;
  const unlock = lockDataDir(dataDir);
  const restoring = join(dataDir, RESTORING);
  try {
    refuseOccupied(dataDir);
    rmSync(restoring, { recursive: true, force: true });
    mkdirSync(restoring, { mode: OWNER_ONLY_FOLDER });
    await copyLog(backup, manifest, join(restoring, BACKUP_FILES.log));
    const storeId = giveNewStoreId(join(restoring, BACKUP_FILES.log));
    const report = await replay(backup, restoring);
    putInPlace(backup, restoring);
    const { logId, takenAt, position } = manifest;
    return { logId, takenAt, position, storeId, report };
  } finally {
    rmSync(restoring, { recursive: true, force: true });
    unlock();
  }
}

function manifestIn(dir: string): BackupManifest {
  const file = join(dir, BACKUP_FILES.manifest);
  const manifest = existsSync(file) ? parseBackupManifest(readFileSync(file, 'utf8')) : undefined;
  if (manifest) return manifest;
  const advice = 'name a folder that deltabook backup has finished';
  throw new OperatorRefusal('NO_BACKUP', `${dir} holds no backup; ${advice}`);
}

function refuseOccupied(dataDir: string): void {
  const occupants = readdirSync(dataDir).filter((name) => !NO_OCCUPANTS.test(name));
  if (occupants.length === 0) return;
  throw new OperatorRefusal(
    'DATA_DIR_OCCUPIED',
    `DATA_DIR ${dataDir} is in use (${occupants[0]}); restore into an empty folder`,
  );
}

async function copyLog(
  { dir, onProgress }: BackupToRestore,
  { byteCount, sha256 }: BackupManifest,
  file: string,
): Promise<void> {
  const hash = createHash('sha256');
  let copied = 0;
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      copied += chunk.length;
      onProgress({ share: COPY_SHARE * Math.min(1, copied / Math.max(1, byteCount)) });
      done(null, chunk);
    },
  });
  const source = createReadStream(join(dir, BACKUP_FILES.log));
  await pipeline(source, hashing, createWriteStream(file, { mode: OWNER_ONLY_FILE, flush: true }));
  if (hash.digest('hex') === sha256) return;
  const advice = 'take it from another copy of the backup';
  throw new OperatorRefusal('BACKUP_DAMAGED', `the log in ${dir} is damaged; ${advice}`);
}

/** Heads kept outside of DATA_DIR have outlived it and may be newer than those in the backup. */
async function replay(backup: BackupToRestore, restoring: string): Promise<AuditReport> {
  const { dir, dataDir, signingKeyFile, onProgress } = backup;
  const surviving = signingFiles(dataDir, signingKeyFile).signedHeadsDir;
  const heads = existsSync(surviving) ? surviving : join(dir, BACKUP_FILES.signedHeads);
  const store = await EmbeddedEventStore.open({ dataDir: restoring });
  try {
    const { report } = await localAudit(
      { store, rows: undefined, heads: new SignedHeadFolder(heads) },
      {
        referenceHex: undefined,
        signal: new AbortController().signal,
        onShare: (share) => onProgress({ share: COPY_SHARE + (1 - COPY_SHARE) * share }),
      },
    );
    const contradiction = report.findings.find(({ code }) => code === 'SEAL_LOG_FAILS');
    if (!contradiction) return report;
    throw new OperatorRefusal(
      'BACKUP_CONTRADICTED',
      `the backup is not what was signed: ${contradiction.what}; restore a newer one`,
    );
  } finally {
    await store.close();
  }
}

function putInPlace({ dir, dataDir, signingKeyFile }: BackupToRestore, restoring: string): void {
  const { keyFile, signedHeadsDir } = signingFiles(dataDir, signingKeyFile);
  const key = join(dir, BACKUP_FILES.signingKey);
  if (existsSync(key) && !existsSync(keyFile)) {
    mkdirSync(dirname(keyFile), { recursive: true, mode: OWNER_ONLY_FOLDER });
    copyFileSync(key, keyFile);
    chmodSync(keyFile, OWNER_ONLY_FILE);
  }
  const heads = join(dir, BACKUP_FILES.signedHeads);
  if (existsSync(heads) && !existsSync(signedHeadsDir)) {
    cpSync(heads, signedHeadsDir, { recursive: true });
  }
  const log = join(restoring, BACKUP_FILES.log);
  settleLogFile(log);
  // The log last: where it is, there is an installation.
  renameSync(log, join(dataDir, BACKUP_FILES.log));
}
