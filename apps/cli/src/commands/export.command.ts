// deltabook export: a customer's whole proven history in one file; by a user through the service's
// API, or by an operator out of the installation on this machine.
import { OperatorRefusal } from '@deltabook/adapters/operator';
import { ENVIRONMENTS } from '@deltabook/domain';
import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import type { CliContext } from '../cli-context';
import { exportThroughApi, type Exported } from '../export/export-through-api';
import { NO_INSTALLATION } from '../local-installation';
import { runOperatorCommand } from '../operator-command';
import { withOperatorOptions, type OperatorOptions } from '../operator-options';
import { progressDisplay } from '../progress-display';
import { clientOf, KEY_EXPLANATION } from '../service-options';

interface ExportOptions extends OperatorOptions {
  readonly url: string;
  readonly apiKeyFile?: string;
  readonly tenant: string;
  readonly environment: string;
  readonly output?: string;
}

/** Options that only make sense on the machine of the installation. */
const OPERATOR_OPTIONS = ['dataDir', 'tenant', 'environment'] as const;

const EXAMPLES = `
Examples:
  deltabook export customer_12345
  deltabook export customer_12345 --output history.json
  deltabook export customer_12345 --tenant acme --environment production --data-dir ./data
  deltabook audit verify history.json --key "$(cat trusted-key.txt)"

The file holds every verified delta with its content, the proofs, the signed head and the chain of
public keys. It verifies anywhere, without network and database. Whoever has it can read all of it.

With an API key the history comes through the service's API and is checked here before it is
written. Without one, or with --data-dir, --tenant or --environment, it is an operator's command on
the installation in --data-dir; its service must run: it keeps the proofs.
${KEY_EXPLANATION}`;

export function exportCommand(context: CliContext): Command {
  const { settings } = context;
  const command = new Command('export')
    .description("write a customer's whole proven history into one file that verifies anywhere")
    .argument('<customer>', 'its customerId')
    .option('--url <url>', 'address of the service, else DELTABOOK_URL', settings.url)
    .option('--api-key-file <file>', 'file that holds the API key')
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
      const file = resolve(
        options.output ?? `${customer.replaceAll(':', '_')}.deltabook-export.json`,
      );
      const isOperators = OPERATOR_OPTIONS.some(
        (name) => command.getOptionValueSource(name) === 'cli',
      );
      const hasKey = settings.apiKey !== '' || options.apiKeyFile !== undefined;
      const done =
        hasKey && !isOperators
          ? await exportThroughApi(clientOf(context, options), { customerId: customer, file })
          : await exportLocally(context, { customer, file, options }).catch((error: unknown) => {
              throw isOperators ? error : withHint(error);
            });
      if (options.json) return context.terminal.result(JSON.stringify(done));
      const { deltas, notCovered } = done;
      const rest = notCovered > 0 ? `; ${notCovered} newer ones are not verified yet` : '';
      context.terminal.note(`exported ${deltas} deltas of ${customer} into ${file}${rest}`);
    },
  );
}

/** Whoever meant the service's API hears what is missing for it. */
function withHint(error: unknown): unknown {
  if (!(error instanceof OperatorRefusal) || error.code !== NO_INSTALLATION) return error;
  const hint = 'or set DELTABOOK_API_KEY to export through the API of a service';
  return new OperatorRefusal(error.code, `${error.message}; ${hint}`);
}

async function exportLocally(
  { settings, terminal }: CliContext,
  what: { readonly customer: string; readonly file: string; readonly options: ExportOptions },
): Promise<Exported> {
  const { customer, file } = what;
  const { dataDir, tenant, environment } = what.options;
  const { onProgress, end } = progressDisplay(terminal, 'exporting');
  const args = { customer, tenant, environment, file };
  const operation = { ...settings, dataDir, mayMake: false, command: 'customer.export', args };
  const done: unknown = await runOperatorCommand({ ...operation, onProgress }).finally(end);
  return done as Exported;
}
