// What every command gets: where to write and what was set.
import type { CliSettings } from './settings';
import type { Terminal } from './terminal';

export interface CliContext {
  readonly terminal: Terminal;
  readonly settings: CliSettings;
}
