// deltabook tenants create|list: who has keys and customers in this installation.
import { Command } from 'commander';
import type { CliContext } from '../cli-context';
import { runOperatorCommand } from '../operator-command';
import { withOperatorOptions, type OperatorOptions } from '../operator-options';
import { tableLines } from '../terminal';

interface TenantRow {
  readonly tenant: string;
  readonly createdAt: string;
  readonly activeKeys: number;
}

const EXAMPLES = `
Examples:
  deltabook tenants create acme
  deltabook tenants create acme --reference-key "$(openssl rand -hex 32)"
  deltabook tenants list

The reference key decides the customer references of a tenant: give the one it had elsewhere to keep
them. It cannot be changed later.`;

export function tenantsCommand(context: CliContext): Command {
  return new Command('tenants')
    .description('create and list tenants')
    .addCommand(createCommand(context))
    .addCommand(listCommand(context))
    .addHelpText('after', EXAMPLES);
}

function createCommand({ terminal, settings }: CliContext): Command {
  const command = new Command('create')
    .description('make a tenant; it has no key yet')
    .argument('<tenant>', 'its name: 1 to 63 of a-z 0-9 . -')
    .option('--reference-key <hex>', '64 hex digits; random when not given');
  type Options = OperatorOptions & { readonly referenceKey?: string };
  return withOperatorOptions(command, settings).action(async (tenant: string, options: Options) => {
    const { referenceKey } = options;
    await runOperatorCommand({
      ...settings,
      dataDir: options.dataDir,
      mayMake: true,
      command: 'tenants.create',
      args: referenceKey === undefined ? { tenant } : { tenant, referenceKey },
    });
    if (options.json) return terminal.result(JSON.stringify({ tenant }));
    terminal.note(`created tenant ${tenant}; next: deltabook keys create --tenant ${tenant}`);
  });
}

function listCommand({ terminal, settings }: CliContext): Command {
  const command = new Command('list').description('list tenants, oldest first');
  return withOperatorOptions(command, settings).action(async (options: OperatorOptions) => {
    const { tenants } = (await runOperatorCommand({
      ...settings,
      dataDir: options.dataDir,
      mayMake: false,
      command: 'tenants.list',
      args: {},
    })) as unknown as { readonly tenants: readonly TenantRow[] };
    if (options.json) return terminal.result(JSON.stringify({ tenants }));
    const rows = tenants.map((row) => [row.tenant, row.createdAt, String(row.activeKeys)]);
    for (const line of tableLines(['TENANT', 'CREATED', 'ACTIVE KEYS'], rows)) {
      terminal.result(line);
    }
  });
}
