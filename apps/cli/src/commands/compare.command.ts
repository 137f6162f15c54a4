// deltabook compare: which of two claims about a balance the recorded deltas bear out.
import type { CompareReply } from '@deltabook/sdk';
import { Command } from 'commander';
import type { CliContext } from '../cli-context';
import {
  clientOf,
  KEY_EXPLANATION,
  withServiceOptions,
  type ServiceFlags,
} from '../service-options';
import { factLines, signedAmount } from '../terminal';

interface CompareFlags extends ServiceFlags {
  readonly yours: string;
  readonly theirs: string;
  readonly startingBalance?: string;
  readonly startingCheckpoint?: string;
  readonly period?: string;
}

const EXAMPLES = `
Examples:
  deltabook compare cust_001 --yours 4500 --theirs 4380.25
  deltabook compare cust_001 --yours 120 --theirs 100 --period 2026-04 --json
${KEY_EXPLANATION}`;

export function compareCommand(context: CliContext): Command {
  const command = new Command('compare')
    .description('say which of two claimed balances the recorded deltas bear out')
    .argument('<customerId>', 'whose')
    .requiredOption('--yours <amount>', 'what you claim')
    .requiredOption('--theirs <amount>', 'what the other side claims')
    .option('--starting-balance <amount>', 'what to start from')
    .option('--starting-checkpoint <id>', 'a checkpoint, record or proof root to start after')
    .option('--period <month>', 'only deltas recorded in this UTC month, YYYY-MM');
  return withServiceOptions(command, context.settings)
    .addHelpText('after', EXAMPLES)
    .action(async (customerId: string, flags: CompareFlags) => {
      const { yours, theirs, startingBalance, startingCheckpoint, period, json } = flags;
      const options = {
        ...(startingBalance === undefined ? {} : { startingBalance }),
        ...(startingCheckpoint === undefined ? {} : { startingCheckpoint }),
        ...(period === undefined ? {} : { period }),
      };
      const { balance } = clientOf(context, flags);
      const reply = await balance.compare(customerId, { yours, theirs }, options);
      context.terminal.result(json ? JSON.stringify(reply) : linesOf(reply).join('\n'));
    });
}

function linesOf(reply: CompareReply): readonly string[] {
  return factLines({
    customer: reply.customerId,
    recorded: `${reply.neutralBalanceDecimal}, from ${reply.deltasCount} deltas`,
    yours: claimText(reply.yourBalanceDecimal, reply.yourDiscrepancyDecimal),
    theirs: claimText(reply.theirBalanceDecimal, reply.theirDiscrepancyDecimal),
    'proof root': reply.proofRoot,
  });
}

function claimText(claimed: string, discrepancy: string): string {
  return discrepancy === '0'
    ? `${claimed}, matches`
    : `${claimed}, off by ${signedAmount(discrepancy)}`;
}
