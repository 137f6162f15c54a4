// deltabook customer: one customer record with its latest activity.
import type { ActivityItem, CustomerReply, Paged } from '@deltabook/sdk';
import { Command } from 'commander';
import type { CliContext } from '../cli-context';
import { countUpTo } from '../option-values';
import { progressBar } from '../progress-bar';
import {
  clientOf,
  KEY_EXPLANATION,
  withServiceOptions,
  type ServiceFlags,
} from '../service-options';
import { factLines, signedAmount, tableLines } from '../terminal';

interface CustomerFlags extends ServiceFlags {
  readonly limit: number;
  readonly all: boolean;
}

const ACTIVITY = 20;
const ACTIVITY_MAX = 100;
const HEADING = ['#', 'TIME', 'DELTA', 'BALANCE', 'STATUS', 'REASON', 'RECORD'];

const EXAMPLES = `
Examples:
  deltabook customer cust_001
  deltabook customer cust_001 --limit 100
  deltabook customer cust_001 --all --json > activity.jsonl

With --json the record is one JSON object as the API answers it, and --all prints one delta a line,
the newest first.
${KEY_EXPLANATION}`;

export function customerCommand(context: CliContext): Command {
  const command = new Command('customer')
    .description('show one customer record and its activity')
    .argument('<customerId>', 'whose')
    .option('--limit <count>', 'latest deltas to show', countUpTo(ACTIVITY_MAX), ACTIVITY)
    .option('--all', 'every delta, the newest first', false);
  return withServiceOptions(command, context.settings)
    .addHelpText('after', EXAMPLES)
    .action((customerId: string, flags: CustomerFlags) => show(context, customerId, flags));
}

async function show(context: CliContext, customerId: string, flags: CustomerFlags): Promise<void> {
  const { terminal } = context;
  const deltaLimit = flags.all ? ACTIVITY_MAX : flags.limit;
  const record = clientOf(context, flags).balance.customer(customerId, { deltaLimit });
  const customer = await record;
  if (!flags.json) terminal.result([...factsOf(customer), ''].join('\n'));
  if (flags.all) return showAll(context, flags, record);
  if (flags.json) return terminal.result(JSON.stringify(customer));
  showItems(context, flags, { items: customer.recentActivity.items, isFirst: true });
}

async function showAll(
  context: CliContext,
  flags: CustomerFlags,
  record: Paged<CustomerReply, ActivityItem>,
): Promise<void> {
  const bar = progressBar((await record).totalDeltas, 'deltas');
  let shown = 0;
  for await (const { recentActivity } of record.pages()) {
    showItems(context, flags, { items: recentActivity.items, isFirst: shown === 0 });
    shown += recentActivity.items.length;
    bar.update(shown);
  }
  bar.end();
}

function factsOf(customer: CustomerReply): readonly string[] {
  return factLines({
    customer: customer.customerId,
    reference: customer.customerReference,
    balance: customer.computedBalanceDecimal,
    deltas: String(customer.totalDeltas),
    'first activity': customer.firstActivity ?? 'none',
    'last activity': customer.lastActivity ?? 'none',
    checkpoint: customer.latestCheckpoint ?? 'none',
  });
}

function showItems(
  { terminal }: CliContext,
  { json }: CustomerFlags,
  page: { readonly items: readonly ActivityItem[]; readonly isFirst: boolean },
): void {
  const { items, isFirst } = page;
  const lines = json
    ? items.map((item) => JSON.stringify(item))
    : tableLines(HEADING, items.map(rowOf)).slice(isFirst ? 0 : 1);
  for (const line of lines) terminal.result(line);
}

function rowOf(item: ActivityItem): readonly string[] {
  return [
    String(item.sequenceNumber),
    item.time,
    signedAmount(item.deltaDecimal),
    item.computedBalanceDecimal,
    item.status,
    item.reason,
    item.recordId,
  ];
}
