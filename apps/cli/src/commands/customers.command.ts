// deltabook customers: the customer records of a running service, a page or all of them.
import type { CustomerListReply, CustomerSummary } from '@deltabook/sdk';
import { Command, Option } from 'commander';
import type { CliContext } from '../cli-context';
import { countUpTo } from '../option-values';
import { progressBar } from '../progress-bar';
import {
  clientOf,
  KEY_EXPLANATION,
  withServiceOptions,
  type ServiceFlags,
} from '../service-options';
import { tableLines } from '../terminal';

interface CustomersFlags extends ServiceFlags {
  readonly search?: string;
  readonly sortBy?: 'customerId' | 'balance' | 'totalDeltas' | 'lastActivity';
  readonly sortOrder?: 'asc' | 'desc';
  readonly limit: number;
  readonly page: number;
  readonly all: boolean;
}

const PER_PAGE = 25;
const PER_PAGE_MAX = 100;
const PAGE_MAX = 999_999_999;
const HEADING = ['CUSTOMER', 'REFERENCE', 'DELTAS', 'BALANCE', 'LAST ACTIVITY'];

const EXAMPLES = `
Examples:
  deltabook customers
  deltabook customers --search cust_0 --sort-by balance --sort-order desc
  deltabook customers --all --json > customers.jsonl

With --json a page is one JSON object as the API answers it, and --all prints one record a line, as
they come: thousands need no memory.
${KEY_EXPLANATION}`;

export function customersCommand(context: CliContext): Command {
  const command = new Command('customers')
    .description('list customer records')
    .option('--search <text>', 'only those whose id contains this')
    .addOption(
      new Option('--sort-by <what>', 'else in the order of first appearance').choices([
        'customerId',
        'balance',
        'totalDeltas',
        'lastActivity',
      ]),
    )
    .addOption(new Option('--sort-order <order>', 'asc or desc').choices(['asc', 'desc']))
    .option('--limit <count>', 'records on a page', countUpTo(PER_PAGE_MAX), PER_PAGE)
    .option('--page <number>', 'which page, from 1', countUpTo(PAGE_MAX), 1)
    .option('--all', 'every page, one after the other', false);
  return withServiceOptions(command, context.settings)
    .addHelpText('after', EXAMPLES)
    .action((flags: CustomersFlags) => list(context, flags));
}

async function list(context: CliContext, flags: CustomersFlags): Promise<void> {
  const { search, sortBy, sortOrder, all } = flags;
  const pages = clientOf(context, flags).balance.customers({
    ...(search === undefined ? {} : { search }),
    ...(sortBy === undefined ? {} : { sortBy }),
    ...(sortOrder === undefined ? {} : { sortOrder }),
    limit: all ? PER_PAGE_MAX : flags.limit,
    page: all ? 1 : flags.page,
  });
  if (!all) return showPage(context, flags, await pages);
  const bar = progressBar((await pages).pagination.total, 'customers');
  let shown = 0;
  for await (const { customers } of pages.pages()) {
    showRows(context, flags, { customers, isFirst: shown === 0 });
    shown += customers.length;
    bar.update(shown);
  }
  bar.end();
}

function showPage(context: CliContext, flags: CustomersFlags, reply: CustomerListReply): void {
  if (flags.json) return context.terminal.result(JSON.stringify(reply));
  showRows(context, flags, { customers: reply.customers, isFirst: true });
  const { page, totalPages, total } = reply.pagination;
  context.terminal.note(`page ${page} of ${Math.max(totalPages, 1)}, ${total} customers`);
}

function showRows(
  { terminal }: CliContext,
  { json }: CustomersFlags,
  page: { readonly customers: readonly CustomerSummary[]; readonly isFirst: boolean },
): void {
  const { customers, isFirst } = page;
  const lines = json
    ? customers.map((customer) => JSON.stringify(customer))
    : tableLines(HEADING, customers.map(rowOf)).slice(isFirst ? 0 : 1);
  for (const line of lines) terminal.result(line);
}

function rowOf(customer: CustomerSummary): readonly string[] {
  return [
    customer.customerId,
    customer.customerReference,
    String(customer.totalDeltas),
    customer.fenced === true ? 'FENCED' : customer.computedBalanceDecimal,
    customer.lastActivity ?? '',
  ];
}
