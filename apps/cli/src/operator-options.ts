// Options that every operator's command has.
import { Option, type Command } from 'commander';
import type { CliSettings } from './settings';

export interface OperatorOptions {
  readonly dataDir: string;
  readonly json: boolean;
}

export function withOperatorOptions(command: Command, settings: CliSettings): Command {
  return command
    .addOption(
      new Option('--data-dir <dir>', 'folder of the installation, else DATA_DIR').default(
        settings.dataDir,
      ),
    )
    .addOption(new Option('--json', 'print the result as JSON').default(false));
}
