// deltabook verify: checks a receipt offline, with nothing but a public key.
import { sha256, verifyEd25519 } from '@deltabook/adapters/node-crypto';
import {
  parseLogHead,
  parseReceiptFile,
  parseReceiptJson,
  parseSignedNote,
  receiptAnswers,
  sealText,
  verifyReceipt,
  type Parsed,
  type Receipt,
  type Refusal,
  type VerifiedReceipt,
} from '@deltabook/integrity';
import { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import type { CliContext } from '../cli-context';
import { CommandExit } from '../command-exit';
import { readGivenFile } from '../given-file';
import { factLines, signedAmount } from '../terminal';
import { trustedKeys } from '../verification/trusted-keys';

interface VerifyFlags {
  readonly key: readonly string[];
  readonly keyFile?: string;
  readonly reference?: string;
  readonly receiptId?: string;
  readonly writeRecord?: string;
  readonly json: boolean;
}

const EXIT_REFUSED = 1;
const CRYPTO = { sha256, verifyEd25519 };

const EXAMPLES = `
Examples:
  curl -o keys.json http://localhost:3000/.well-known/deltabook-keys
  deltabook verify receipt.tlog-proof --key-file keys.json
  deltabook verify receipt.tlog-proof --key 'deltabook/default-sandbox+c8ad4467+AaQt…'
  deltabook verify receipt.json --key-file keys.txt --reference 0x739Ea732… --json

Needs no network, no service and no API key. Get the public key once, from somebody you trust, and
keep it: a receipt proves nothing beyond what that key signed. --write-record writes the record that
tools of other makers for c2sp.org/tlog-proof@v1 check the file against.

Exit codes: 0 proven, 1 refused (the reason is named), 2 wrong usage.`;

export function verifyCommand(context: CliContext): Command {
  return new Command('verify')
    .description('check a receipt offline, with a public key')
    .argument('<receipt>', 'a receipt file, or the same receipt as JSON')
    .option('--key <key>', 'a public key you trust, NAME+ID+BASE64; may be repeated', add, [])
    .option('--key-file <file>', 'such keys, one a line, or a deltabook-keys document')
    .option('--reference <reference>', 'the customer it must be of')
    .option('--receipt-id <id>', 'the delta it must be of')
    .option('--write-record <file>', 'write the record of the outer proof to this file')
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action((file: string, flags: VerifyFlags) => verify(context, file, flags));
}

const add = (key: string, before: readonly string[]): readonly string[] => [...before, key];

function verify({ terminal }: CliContext, file: string, flags: VerifyFlags): void {
  const verdict = verdictOf(readGivenFile(file), flags);
  if (verdict.ok) {
    return terminal.result(flags.json ? jsonOf(verdict) : linesOf(verdict).join('\n'));
  }
  const { reason, problem } = verdict;
  if (flags.json) terminal.result(JSON.stringify({ ok: false, reason, problem }));
  else terminal.note(`refused: ${reason}: ${problem}`);
  throw new CommandExit(EXIT_REFUSED);
}

function verdictOf(text: string, flags: VerifyFlags): VerifiedReceipt | Refusal<string> {
  const parsed = receiptOf(text);
  if (!parsed.ok) return { ok: false, reason: 'MALFORMED_RECEIPT', problem: parsed.problem };
  const receipt = parsed.value;
  const keys = trustedKeys({ texts: flags.key, file: flags.keyFile }, originOf(receipt));
  if (flags.writeRecord !== undefined) writeFileSync(flags.writeRecord, sealText(receipt.seal));
  const verified = verifyReceipt(receipt, keys, CRYPTO);
  if (!verified.ok) return verified;
  const { reference, receiptId } = flags;
  const answers = receiptAnswers(verified, {
    ...(reference === undefined ? {} : { reference }),
    ...(receiptId === undefined ? {} : { receiptId }),
  });
  return answers.ok ? verified : answers;
}

function receiptOf(text: string): Parsed<Receipt> {
  if (!text.trimStart().startsWith('{')) return parseReceiptFile(text);
  try {
    return parseReceiptJson(JSON.parse(text));
  } catch {
    return { ok: false, problem: 'the file is neither a receipt file nor JSON' };
  }
}

/** Name of the log that the receipt says it is of; its signature has to bear that out. */
function originOf({ sealProof }: Receipt): string {
  const note = parseSignedNote(sealProof.logHead);
  const head = note.ok ? parseLogHead(note.value.text) : undefined;
  return head?.ok ? head.value.origin : '';
}

function jsonOf({ seal, logHead, deltas, period }: VerifiedReceipt): string {
  const { origin, size } = logHead;
  const proven = deltas.map(({ receiptId, leaf, private: content }) => ({
    receiptId,
    leaf,
    ...(content === undefined ? {} : { private: JSON.parse(content) as object }),
  }));
  return JSON.stringify({ ok: true, seal, log: { origin, size }, deltas: proven, period });
}

function linesOf({ seal, logHead, deltas, period }: VerifiedReceipt): readonly string[] {
  const [first] = deltas;
  const log = `${logHead.origin}, ${String(logHead.size)} seals`;
  const ofPeriod = period && {
    period: `${period.from || 'the beginning'} to ${period.to || 'the seal'}`,
    deltas: `${String(deltas.length)}, none is missing`,
    opening: period.opening,
    change: signedAmount(period.netChange),
    closing: period.openEnd ? `${period.closing}, more may follow` : period.closing,
  };
  const ofDelta = first && {
    receipt: first.receiptId,
    delta: `${signedAmount(first.leaf.delta)}, number ${first.leaf.sequence} of the customer`,
    balance: first.leaf.balance,
    recorded: first.leaf.recordedAt,
  };
  const facts = { customer: seal.reference, ...(ofPeriod ?? ofDelta), sealed: seal.sealedAt, log };
  return ['proven', ...factLines(facts)];
}
