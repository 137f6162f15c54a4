// deltabook backup and restore: the whole installation in one folder, and back.
import { Command } from 'commander';
import { resolve } from 'node:path';
import type { CliContext } from '../cli-context';
import { CommandExit } from '../command-exit';
import { runOperatorCommand } from '../operator-command';
import { withOperatorOptions, type OperatorOptions } from '../operator-options';
import { progressDisplay } from '../progress-display';
import { restoreBackup, type Restored } from '../restore/restore-backup';
import { EXIT_FINDINGS, reportLines } from './audit-report-lines';

const BACKUP_EXAMPLES = `
Examples:
  deltabook backup /backups/2026-11-25
  deltabook backup /backups/2026-11-25 --json

The folder gets the log, the signing key (unless it is kept elsewhere: SIGNING_KEY) and the last
signed heads, readable by its owner alone; keep it as safe as the installation. Read models are not
in it: they come back by replay. The service goes on meanwhile.`;

const RESTORE_EXAMPLES = `
Examples:
  deltabook restore /backups/2026-11-25 --data-dir /var/lib/deltabook

The backup is replayed and compared with the last signed heads before it takes its place; one that
they contradict is refused. What is restored keeps its log id and gets a new store id.

Exit codes: 0 restored, ${EXIT_FINDINGS} restored with histories that failed before, 1 refused,
2 wrong usage.`;

interface BackupResult {
  readonly dir: string;
  readonly position: string;
  readonly byteCount: number;
}

export function backupCommand({ settings, terminal }: CliContext): Command {
  const command = new Command('backup')
    .description('copy log, signing key and last signed heads into a folder, while in use')
    .argument('<dir>', 'a folder that is empty or not there')
    .addHelpText('after', BACKUP_EXAMPLES);
  return withOperatorOptions(command, settings).action(
    async (dir: string, { dataDir, json }: OperatorOptions) => {
      const { onProgress, end } = progressDisplay(terminal, 'backing up');
      const args = { dir: resolve(dir) };
      const operation = { ...settings, dataDir, mayMake: false, command: 'backup', args };
      const done = (await runOperatorCommand({ ...operation, onProgress }).finally(end)) as unknown;
      if (json) return terminal.result(JSON.stringify(done));
      const { position, byteCount } = done as BackupResult;
      terminal.note(`backed up through position ${position} (${byteCount} bytes) into ${args.dir}`);
    },
  );
}

export function restoreCommand({ settings, terminal }: CliContext): Command {
  const command = new Command('restore')
    .description('make an installation of a backup, in a DATA_DIR that has none')
    .argument('<dir>', 'folder of the backup')
    .addHelpText('after', RESTORE_EXAMPLES);
  return withOperatorOptions(command, settings).action(
    async (dir: string, { dataDir, json }: OperatorOptions) => {
      const { onProgress, end } = progressDisplay(terminal, 'restoring');
      const { signingKeyFile } = settings;
      const backup = { dir, dataDir, signingKeyFile, onProgress };
      const restored = await restoreBackup(backup).finally(end);
      if (json) terminal.result(JSON.stringify(restored));
      else for (const line of restoredLines(restored, dataDir)) terminal.note(line);
      if (restored.report.findingCount > 0) throw new CommandExit(EXIT_FINDINGS);
    },
  );
}

function restoredLines({ report, logId, takenAt }: Restored, dataDir: string): readonly string[] {
  return [
    ...reportLines(report),
    `restored log ${logId} as of ${takenAt} into ${dataDir}; start the service there`,
  ];
}
