// deltabook emit: one delta for one customer of a running service.
import type { DeltaOptions, DeltaReply, EmitDeltaReply } from '@deltabook/sdk';
import { Command, Option } from 'commander';
import { randomUUID } from 'node:crypto';
import type { CliContext } from '../cli-context';
import { CommandExit } from '../command-exit';
import { countUpTo, jsonObject } from '../option-values';
import {
  clientOf,
  KEY_EXPLANATION,
  withServiceOptions,
  type ServiceFlags,
} from '../service-options';
import { factLines, signedAmount } from '../terminal';

interface EmitFlags extends ServiceFlags {
  readonly referenceId?: string;
  readonly metadata?: object;
  readonly occurredAt?: string;
  readonly adjusts?: string;
  readonly idempotencyKey?: string;
  readonly wait: boolean;
  readonly waitSeconds: number;
}

const EXIT_FAILED = 1;
const WAIT_SECONDS = 60;
const WAIT_SECONDS_MAX = 86_400;

const EXAMPLES = `
Examples:
  deltabook emit cust_001 500 initial_deposit
  deltabook emit cust_001 -12.5 usage --reference-id usage-2026-04-01 --wait
  deltabook emit cust_001 3 correction --adjusts rec_oopkomvnsc7lhbxyb5ytsnql445bpobwaaaaaaab
  deltabook emit cust_001 1 usage --metadata '{"region":"eu"}' --idempotency-key usage-17 --json

Amounts are decimal, at most 9 digits after the point, and exact. A key makes it safe to run the
same command again: one key, one delta, for ever.
${KEY_EXPLANATION}

Exit codes: 0 recorded (with --wait: verified), 1 refused or failed, 2 wrong usage.`;

export function emitCommand(context: CliContext): Command {
  const command = new Command('emit')
    .description('record one delta of a customer')
    .argument('<customerId>', 'whose')
    .argument('<delta>', 'signed amount, not zero, such as 500 or -12.5')
    .argument('<reason>', 'why, such as initial_deposit')
    .option('--reference-id <id>', 'your own id of the fact')
    .addOption(new Option('--metadata <json>', 'a JSON object').argParser(jsonObject))
    .option('--occurred-at <time>', 'when it happened (RFC 3339), where that is not now')
    .option('--adjusts <recordId>', 'the delta that this one corrects')
    .option('--idempotency-key <key>', 'the same key is the same delta, for ever')
    .option('--wait', 'wait until it is verified', false)
    .option(
      '--wait-seconds <count>',
      'how long at most',
      countUpTo(WAIT_SECONDS_MAX),
      WAIT_SECONDS,
    );
  return withServiceOptions(command, context.settings)
    .addHelpText('after', EXAMPLES)
    .action((customerId: string, delta: string, reason: string, flags: EmitFlags) =>
      emit(context, { customerId, delta, reason }, flags),
    );
}

async function emit(
  context: CliContext,
  fact: { readonly customerId: string; readonly delta: string; readonly reason: string },
  flags: EmitFlags,
): Promise<void> {
  const { customerId, delta, reason } = fact;
  const idempotencyKey = flags.idempotencyKey ?? randomUUID();
  const { balance } = clientOf(context, flags);
  const options = { ...optionsOf(flags), idempotencyKey };
  try {
    const emitted = flags.wait
      ? await balance.emitAndWait(customerId, delta, reason, {
          ...options,
          timeout: flags.waitSeconds * 1_000,
        })
      : await balance.emit(customerId, delta, reason, options);
    context.terminal.result(flags.json ? JSON.stringify(emitted) : linesOf(emitted).join('\n'));
    if (emitted.status === 'FAILED') throw new CommandExit(EXIT_FAILED);
  } catch (error) {
    // Without an answer nobody knows whether it was recorded; with the key, asking is safe.
    const { statusCode } = error as { readonly statusCode?: number };
    if (statusCode === 0)
      context.terminal.note(`to ask again: --idempotency-key ${idempotencyKey}`);
    throw error;
  }
}

function optionsOf(flags: EmitFlags): DeltaOptions {
  const { referenceId, metadata, occurredAt, adjusts } = flags;
  return {
    ...(referenceId === undefined ? {} : { referenceId }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    ...(adjusts === undefined ? {} : { adjusts: { recordId: adjusts } }),
  };
}

function linesOf(delta: EmitDeltaReply | DeltaReply): readonly string[] {
  const isRepeat = 'idempotent' in delta && delta.idempotent === true;
  return factLines({
    customer: delta.customerId,
    delta: signedAmount(delta.deltaDecimal),
    balance: delta.computedBalanceDecimal,
    status: isRepeat ? `${delta.status}, recorded before under this key` : delta.status,
    record: delta.recordId,
    receipt: delta.receiptId,
  });
}
