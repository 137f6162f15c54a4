// deltabook derive: a starting balance plus all deltas of a customer, and the deltas if asked for.
import type { DerivedDelta, DeriveReply } from '@deltabook/sdk';
import { Command } from 'commander';
import type { CliContext } from '../cli-context';
import { progressBar } from '../progress-bar';
import {
  clientOf,
  KEY_EXPLANATION,
  withServiceOptions,
  type ServiceFlags,
} from '../service-options';
import { factLines, signedAmount, tableLines } from '../terminal';

interface DeriveFlags extends ServiceFlags {
  readonly startingBalance?: string;
  readonly startingCheckpoint?: string;
  readonly period?: string;
  readonly deltas: boolean;
}

const PER_PAGE = 1_000;
const HEADING = ['#', 'TIME', 'DELTA', 'BALANCE', 'REASON', 'RECEIPT'];

const EXAMPLES = `
Examples:
  deltabook derive cust_001
  deltabook derive cust_001 --starting-balance -250.75
  deltabook derive cust_001 --deltas --json > deltas.jsonl

With --json the result is one JSON object as the API answers it, and --deltas prints one delta a
line, the oldest first.
${KEY_EXPLANATION}`;

export function deriveCommand(context: CliContext): Command {
  const command = new Command('derive')
    .description('add up the balance of a customer from its deltas')
    .argument('<customerId>', 'whose')
    .option(
      '--starting-balance <amount>',
      'what to start from; 0, or that of the checkpoint, when not given',
    )
    .option('--starting-checkpoint <id>', 'a checkpoint, record or proof root to start after')
    .option('--period <month>', 'only deltas recorded in this UTC month, YYYY-MM')
    .option('--deltas', 'print every delta too, the oldest first', false);
  return withServiceOptions(command, context.settings)
    .addHelpText('after', EXAMPLES)
    .action((customerId: string, flags: DeriveFlags) => derive(context, customerId, flags));
}

async function derive(context: CliContext, customerId: string, flags: DeriveFlags): Promise<void> {
  const { terminal } = context;
  const derived = clientOf(context, flags).balance.derive(customerId, optionsOf(flags));
  const reply = await derived;
  if (!flags.deltas) {
    return terminal.result(flags.json ? JSON.stringify(reply) : factsOf(reply).join('\n'));
  }
  const bar = progressBar(reply.deltasCount, 'deltas');
  let shown = 0;
  for await (const { deltas } of derived.pages()) {
    showDeltas(context, flags, { deltas, isFirst: shown === 0 });
    shown += deltas.length;
    bar.update(shown);
  }
  bar.end();
  if (!flags.json) terminal.result(`\n${factsOf(reply).join('\n')}`);
}

function optionsOf({ startingBalance, startingCheckpoint, period, deltas }: DeriveFlags) {
  return {
    ...(startingBalance === undefined ? {} : { startingBalance }),
    ...(startingCheckpoint === undefined ? {} : { startingCheckpoint }),
    ...(period === undefined ? {} : { period }),
    limit: deltas ? PER_PAGE : 1,
  };
}

function factsOf(reply: DeriveReply): readonly string[] {
  return factLines({
    customer: reply.customerId,
    start: reply.startingBalanceDecimal,
    balance: reply.computedBalanceDecimal,
    deltas: String(reply.deltasCount),
    'proof root': reply.proofRoot,
  });
}

function showDeltas(
  { terminal }: CliContext,
  { json }: DeriveFlags,
  page: { readonly deltas: readonly DerivedDelta[]; readonly isFirst: boolean },
): void {
  const { deltas, isFirst } = page;
  const lines = json
    ? deltas.map((delta) => JSON.stringify(delta))
    : tableLines(HEADING, deltas.map(rowOf)).slice(isFirst ? 0 : 1);
  for (const line of lines) terminal.result(line);
}

function rowOf(delta: DerivedDelta): readonly string[] {
  return [
    String(delta.sequenceNumber),
    delta.time,
    signedAmount(delta.deltaDecimal),
    delta.computedBalanceDecimal,
    delta.reason,
    delta.receiptId,
  ];
}
