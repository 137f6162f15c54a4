// The tree of commands. A new one has its own file in commands/ and one line here.
import { Command } from 'commander';
import type { CliContext } from './cli-context';
import { auditCommand } from './commands/audit.command';
import { backupCommand, restoreCommand } from './commands/backup.command';
import { copyLogCommand } from './commands/copy-log.command';
import { dlqCommand } from './commands/dlq.command';
import { exportCommand } from './commands/export.command';
import { compareCommand } from './commands/compare.command';
import { customerCommand } from './commands/customer.command';
import { customersCommand } from './commands/customers.command';
import { deriveCommand } from './commands/derive.command';
import { emitCommand } from './commands/emit.command';
import { importCommand } from './commands/import.command';
import { keysCommand } from './commands/keys.command';
import { receiptCommand } from './commands/receipt.command';
import { tenantsCommand } from './commands/tenants.command';
import { verifyCommand } from './commands/verify.command';

export function buildProgram(context: CliContext): Command {
  return new Command('deltabook')
    .description('Operate and use a Deltabook installation.')
    .addCommand(emitCommand(context))
    .addCommand(customersCommand(context))
    .addCommand(customerCommand(context))
    .addCommand(deriveCommand(context))
    .addCommand(receiptCommand(context))
    .addCommand(verifyCommand(context))
    .addCommand(compareCommand(context))
    .addCommand(auditCommand(context))
    .addCommand(backupCommand(context))
    .addCommand(copyLogCommand(context))
    .addCommand(dlqCommand(context))
    .addCommand(exportCommand(context))
    .addCommand(importCommand(context))
    .addCommand(keysCommand(context))
    .addCommand(restoreCommand(context))
    .addCommand(tenantsCommand(context))
    .showHelpAfterError('(see deltabook --help)')
    .addHelpText('after', '\nExit codes: 0 done, 1 refused or failed, 2 wrong usage.');
}
