// Options that every command of a user has, and the client they make.
import { PacSpace } from '@deltabook/sdk';
import { Option, type Command } from 'commander';
import type { CliContext } from './cli-context';
import { readGivenFile } from './given-file';
import type { CliSettings } from './settings';
import { UsageError } from './usage-error';

export interface ServiceFlags {
  readonly url: string;
  readonly apiKeyFile?: string;
  readonly json: boolean;
}

/** Where every user's command says how it gets its key. */
export const KEY_EXPLANATION = `
The API key is taken from DELTABOOK_API_KEY or from the file of --api-key-file, never from an
argument, which every user of the machine could read.`;

export function withServiceOptions(command: Command, settings: CliSettings): Command {
  return command
    .option('--url <url>', 'address of the service, else DELTABOOK_URL', settings.url)
    .option('--api-key-file <file>', 'file that holds the API key')
    .addOption(new Option('--json', 'print the result as JSON').default(false));
}

/** The client of a command. Throws UsageError where no key was given. */
export function clientOf(context: CliContext, flags: ServiceFlags): PacSpace {
  return new PacSpace(connectionOf(context, flags));
}

/** What the client of a command is made from, for those that add to it. */
export function connectionOf(
  { settings }: CliContext,
  { url, apiKeyFile }: ServiceFlags,
): { readonly apiKey: string; readonly baseUrl: string } {
  return { apiKey: apiKeyOf(settings, apiKeyFile), baseUrl: url };
}

/** The key of the file, where one is named, else that of the environment. */
export function apiKeyOf({ apiKey }: CliSettings, file: string | undefined): string {
  const key = (file === undefined ? apiKey : readGivenFile(file)).trim();
  if (key !== '') return key;
  throw new UsageError('no API key: set DELTABOOK_API_KEY or give --api-key-file');
}
