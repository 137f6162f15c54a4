// deltabook export: a customer's whole proven history in one file.
import { ENVIRONMENTS } from '@deltabook/domain';
import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import type { CliContext } from '../cli-context';
import { runOperatorCommand } from '../operator-command';
import { withOperatorOptions, type OperatorOptions } from '../operator-options';
import { progressDisplay } from '../progress-display';

interface ExportOptions extends OperatorOptions {
  readonly tenant: string;
  readonly environment: string;
  readonly output?: string;
}

interface Exported {
  readonly deltas: number;
  readonly notCovered: number;
}

const EXAMPLES = `
Examples:
  deltabook export customer_12345 --tenant acme --environment production
  deltabook export customer_12345 --output history.json
  deltabook audit verify history.json --key "$(cat trusted-key.txt)"

The file holds every verified delta with its content, the proofs, the signed head and the chain of
public keys. It verifies anywhere, without network and database. Whoever has it can read all of it.
The service must run: it keeps the proofs.`;

export function exportCommand({ settings, terminal }: CliContext): Command {
  const command = new Command('export')
    .description("write a customer's whole proven history into one file that verifies anywhere")
    .argument('<customer>', 'its customerId')
    .option('--tenant <tenant>', 'whose customer', 'default')
    .addOption(
      new Option('--environment <environment>', 'sandbox or production')
        .choices(ENVIRONMENTS)
        .default('sandbox'),
    )
    .option('--output <file>', 'instead of <customer>.deltabook-export.json')
    .addHelpText('after', EXAMPLES);
  return withOperatorOptions(command, settings).action(
    async (customer: string, options: ExportOptions) => {
      const { dataDir, tenant, environment, output, json } = options;
      const file = resolve(output ?? `${customer}.deltabook-export.json`);
      const { onProgress, end } = progressDisplay(terminal, 'exporting');
      const args = { customer, tenant, environment, file };
      const operation = { ...settings, dataDir, mayMake: false, command: 'customer.export', args };
      const done = (await runOperatorCommand({ ...operation, onProgress }).finally(end)) as unknown;
      if (json) return terminal.result(JSON.stringify(done));
      const { deltas, notCovered } = done as Exported;
      const rest = notCovered > 0 ? `; ${notCovered} newer ones are not verified yet` : '';
      terminal.note(`exported ${deltas} deltas of ${customer} into ${file}${rest}`);
    },
  );
}
