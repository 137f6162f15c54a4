// deltabook audit: what is stored and served against what the history leads to.
import type { AuditReport } from '@deltabook/application';
import { ENVIRONMENTS } from '@deltabook/domain';
import { Command, Option } from 'commander';
import type { CliContext } from '../cli-context';
import { CommandExit } from '../command-exit';
import { runOperatorCommand } from '../operator-command';
import { withOperatorOptions, type OperatorOptions } from '../operator-options';
import { progressDisplay } from '../progress-display';
import { verifyCommand } from './audit-verify.command';
import { EXIT_FINDINGS, reportLines } from './audit-report-lines';

interface CustomerOptions extends OperatorOptions {
  readonly tenant: string;
  readonly environment: string;
}

const EXAMPLES = `
Examples:
  deltabook audit replay
  deltabook audit replay customer_12345 --tenant acme --environment production
  deltabook audit replay --json > report.json
  deltabook audit release customer_12345 --tenant acme --environment production

A customer is named by its customerId, with tenant and environment, or by its reference (0x...).
The commands work on the installation in --data-dir, whether or not its service runs.`;

export function auditCommand(context: CliContext): Command {
  return new Command('audit')
    .description('check what is stored and served against what the history leads to')
    .addCommand(replayCommand(context))
    .addCommand(releaseCommand(context))
    .addCommand(verifyCommand(context))
    .addHelpText('after', EXAMPLES);
}

function replayCommand(context: CliContext): Command {
  const command = new Command('replay')
    .description('replay histories from the stored events and compare every row that is served')
    .argument('[customer]', 'customerId or reference; everyone when it is left out')
    .addHelpText(
      'after',
      `\nExit codes: 0 nothing differs, ${EXIT_FINDINGS} something does, 1 not done, 2 wrong use.`,
    );
  return withCustomerOptions(command, context).action(
    async (customer: string | undefined, options: CustomerOptions) => {
      const report = await replay(customer, options, context);
      const { result } = context.terminal;
      if (options.json) result(JSON.stringify(report));
      else for (const line of reportLines(report)) result(line);
      if (report.findingCount > 0) throw new CommandExit(EXIT_FINDINGS);
    },
  );
}

async function replay(
  customer: string | undefined,
  options: CustomerOptions,
  context: CliContext,
): Promise<AuditReport> {
  const display = progressDisplay(context.terminal, 'replaying');
  const { onProgress } = display;
  try {
    const operation = operationOf('audit.replay', customer, { options, context });
    return (await runOperatorCommand({ ...operation, onProgress })) as unknown as AuditReport;
  } finally {
    display.end();
  }
}

function releaseCommand(context: CliContext): Command {
  const command = new Command('release')
    .description('take a fenced customer back, once its history recomputes again')
    .argument('<customer>', 'customerId or reference');
  return withCustomerOptions(command, context).action(
    async (customer: string, options: CustomerOptions) => {
      const operation = operationOf('audit.release', customer, { options, context });
      const released = await runOperatorCommand(operation);
      if (options.json) return context.terminal.result(JSON.stringify(released));
      const { deltas } = released as { readonly deltas: number };
      context.terminal.note(`released ${customer}: all of its ${deltas} deltas recompute`);
    },
  );
}

function operationOf(
  command: string,
  customer: string | undefined,
  { options, context }: { readonly options: CustomerOptions; readonly context: CliContext },
): Parameters<typeof runOperatorCommand>[0] {
  const { dataDir, tenant, environment } = options;
  const args = customer === undefined ? {} : { customer, tenant, environment };
  return { ...context.settings, dataDir, mayMake: false, command, args };
}

function withCustomerOptions(command: Command, { settings }: CliContext): Command {
  command
    .option('--tenant <tenant>', 'whose customer', 'default')
    .addOption(
      new Option('--environment <environment>', 'sandbox or production')
        .choices(ENVIRONMENTS)
        .default('sandbox'),
    );
  return withOperatorOptions(command, settings);
}
