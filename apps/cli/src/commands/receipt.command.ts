// deltabook receipt: fetches a receipt from a running service, checks it here and keeps its file.
import { PacSpace, type ReceiptOptions } from '@deltabook/sdk';
import { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import type { CliContext } from '../cli-context';
import { repeated } from '../option-values';
import {
  connectionOf,
  KEY_EXPLANATION,
  withServiceOptions,
  type ServiceFlags,
} from '../service-options';
import { UsageError } from '../usage-error';
import { provenJson, provenLines } from '../verification/proven-texts';

interface ReceiptFlags extends ServiceFlags {
  readonly period?: string;
  readonly recordId?: string;
  readonly receiptId?: string;
  readonly content: boolean;
  readonly key: readonly string[];
  readonly output?: string;
}

const EXAMPLES = `
Examples:
  deltabook receipt cust_001
  deltabook receipt cust_001 --period 2026-04 --output april.tlog-proof
  deltabook receipt cust_001 --record-id rec_oopkomvnsc7lhbxyb5ytsnql445bpobwaaaaaaab --no-content
  deltabook verify april.tlog-proof --key-file keys.json

The receipt is checked here before its file is written: with the keys of --key, else with those that
the service shows. Without --period, --record-id and --receipt-id it is of the whole history.
${KEY_EXPLANATION}

Exit codes: 0 written and proven, 1 refused or failed, 2 wrong usage.`;

export function receiptCommand(context: CliContext): Command {
  const command = new Command('receipt')
    .description('fetch a receipt, check it and keep its file')
    .argument('<customerId>', 'whose')
    .option('--period <month>', 'every delta of this UTC month, YYYY-MM')
    .option('--record-id <id>', 'one delta, by its recordId')
    .option('--receipt-id <id>', 'one delta, by its receiptId')
    .option('--no-content', 'a copy that proves amounts and reveals no reason or metadata')
    .option('--key <key>', 'a public key you trust; may be repeated', repeated, [])
    .option('--output <file>', 'instead of <customerId>-<what>.tlog-proof; - is standard output');
  return withServiceOptions(command, context.settings)
    .addHelpText('after', EXAMPLES)
    .action((customerId: string, flags: ReceiptFlags) => keepReceipt(context, customerId, flags));
}

async function keepReceipt(
  context: CliContext,
  customerId: string,
  flags: ReceiptFlags,
): Promise<void> {
  const { terminal } = context;
  const client = new PacSpace({ ...connectionOf(context, flags), trustedKeys: flags.key });
  const { text, proven } = await client.balance.receiptFile(customerId, optionsOf(flags));
  if (!proven) throw new Error('the receipt was not checked');
  if (flags.output === '-') {
    terminal.result(text.trimEnd());
    for (const line of provenLines(proven)) terminal.note(line);
    return;
  }
  const file = flags.output ?? fileNameOf(customerId, flags);
  writeFileSync(file, text);
  terminal.result(flags.json ? provenJson(proven) : provenLines(proven).join('\n'));
  terminal.note(`written to ${file}`);
}

function optionsOf(flags: ReceiptFlags): ReceiptOptions {
  const { period, recordId, receiptId, content } = flags;
  const named = Object.entries({ period, recordId, receiptId }).filter(([, value]) => value);
  if (named.length > 1) throw new UsageError('give one of --period, --record-id, --receipt-id');
  return { ...Object.fromEntries(named), ...(content ? {} : { content: 'exclude' }) };
}

function fileNameOf(customerId: string, { period, recordId, receiptId }: ReceiptFlags): string {
  const what = period ?? recordId ?? receiptId ?? 'all';
  return `${customerId.replaceAll(':', '_')}-${what}.tlog-proof`;
}
