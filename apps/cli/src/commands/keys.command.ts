// deltabook keys create|list|revoke: the API keys of a tenant.
import type { ApiKeyView } from '@deltabook/application';
import { ENVIRONMENTS, SCOPES } from '@deltabook/domain';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CliContext } from '../cli-context';
import { runOperatorCommand } from '../operator-command';
import { withOperatorOptions, type OperatorOptions } from '../operator-options';
import { tableLines } from '../terminal';

interface KeyOptions extends OperatorOptions {
  readonly tenant: string;
  readonly environment?: string;
}

interface CreateOptions extends KeyOptions {
  readonly scopes: readonly string[];
  readonly name: string;
}

const EXAMPLES = `
Examples:
  deltabook keys create --scopes read,write --name "billing service"
  deltabook keys create --tenant acme --environment production > key.txt
  deltabook keys list --tenant acme --json
  deltabook keys revoke --tenant acme key_5f0c2ab1d3e4f5061728394a
  deltabook keys rotate-signing

The commands work on the installation in --data-dir, whether or not its service runs. A revoked key
is refused within a second. rotate-signing makes another key that signs log heads; the one before
vouches for it, so old receipts stay good and pinned keys lead to it.`;

export function keysCommand(context: CliContext): Command {
  return new Command('keys')
    .description('create, list and revoke API keys; rotate the key that signs')
    .addCommand(createCommand(context))
    .addCommand(listCommand(context))
    .addCommand(revokeCommand(context))
    .addCommand(rotateSigningCommand(context))
    .addHelpText('after', EXAMPLES);
}

function createCommand(context: CliContext): Command {
  const command = new Command('create')
    .description('make a key; its text is printed this once')
    .addOption(environmentOption('sandbox or production').default('sandbox'))
    .addOption(
      new Option('--scopes <list>', 'what the key may do')
        .argParser(parseScopes)
        .default(SCOPES, SCOPES.join(',')),
    )
    .option('--name <name>', 'what to call the key', 'unnamed');
  return withKeyOptions(command, context).action(async (options: CreateOptions) => {
    const { tenant, environment = 'sandbox', scopes, name } = options;
    const args = { tenant, environment, scopes, name };
    const key = (await run(context, options, 'keys.create', args)) as unknown as ApiKeyView & {
      readonly fullKey: string;
    };
    if (options.json) return context.terminal.result(JSON.stringify(key));
    context.terminal.note(
      `key ${key.id} of tenant ${tenant}, ${environment}, ${scopes.join(',')}; shown this once:`,
    );
    context.terminal.result(key.fullKey);
  });
}

function listCommand(context: CliContext): Command {
  const command = new Command('list')
    .description('list keys, revoked ones too; never their secrets')
    .addOption(environmentOption('only this one'));
  return withKeyOptions(command, context).action(async (options: KeyOptions) => {
    const { tenant, environment } = options;
    const args = environment === undefined ? { tenant } : { tenant, environment };
    const { keys } = (await run(context, options, 'keys.list', args)) as unknown as {
      readonly keys: readonly ApiKeyView[];
    };
    if (options.json) return context.terminal.result(JSON.stringify({ keys }));
    const rows = keys.map((key) => [
      key.id,
      key.environment,
      key.scopes.join(','),
      key.active ? 'active' : 'revoked',
      key.createdAt,
      key.publicKey,
      key.name,
    ]);
    const heading = ['ID', 'ENVIRONMENT', 'SCOPES', 'STATE', 'CREATED', 'PUBLIC KEY', 'NAME'];
    for (const line of tableLines(heading, rows)) context.terminal.result(line);
  });
}

function revokeCommand(context: CliContext): Command {
  const command = new Command('revoke')
    .description('refuse a key from now on, for ever')
    .argument('<key>', 'its id (key_...) or its public key (pk_... up to the dot)');
  return withKeyOptions(command, context).action(async (given: string, options: KeyOptions) => {
    // A whole key pasted here does its work without its secret.
    const args = { tenant: options.tenant, key: given.replace(/\..*$/, '') };
    const key = (await run(context, options, 'keys.revoke', args)) as unknown as ApiKeyView;
    if (options.json) return context.terminal.result(JSON.stringify(key));
    context.terminal.note(`revoked ${key.id} (${key.name}) of tenant ${options.tenant}`);
  });
}

function rotateSigningCommand(context: CliContext): Command {
  const command = new Command('rotate-signing').description(
    'hand signing of log heads over to a new key, which the one before vouches for',
  );
  return withOperatorOptions(command, context.settings).action(async (options: OperatorOptions) => {
    const rotated = (await run(context, options, 'keys.rotate-signing', {})) as unknown as {
      readonly index: number;
      readonly activatedAt: string;
    };
    if (options.json) return context.terminal.result(JSON.stringify(rotated));
    const { index, activatedAt } = rotated;
    context.terminal.note(`key ${index} signs since ${activatedAt}; back it up: deltabook backup`);
  });
}

function withKeyOptions(command: Command, { settings }: CliContext): Command {
  command.option('--tenant <tenant>', 'whose keys', 'default');
  return withOperatorOptions(command, settings);
}

function environmentOption(meaning: string): Option {
  return new Option('--environment <environment>', meaning).choices(ENVIRONMENTS);
}

function parseScopes(text: string): readonly string[] {
  const scopes = text.split(',').map((scope) => scope.trim());
  const known = scopes.every((scope) => SCOPES.some((one) => one === scope));
  if (known && new Set(scopes).size === scopes.length) return scopes;
  throw new InvalidArgumentError(`Give some of ${SCOPES.join(',')}, each once.`);
}

function run(
  { settings }: CliContext,
  { dataDir }: OperatorOptions,
  command: string,
  args: Parameters<typeof runOperatorCommand>[0]['args'],
): ReturnType<typeof runOperatorCommand> {
  const mayMake = command === 'keys.create';
  return runOperatorCommand({ ...settings, dataDir, mayMake, command, args });
}
