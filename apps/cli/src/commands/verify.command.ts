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
import { repeated } from '../option-values';
import { provenJson, provenLines } from '../verification/proven-texts';
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
    .argument('<receipt>', 'a receipt file, or the same receipt or a whole reply as JSON')
    .option('--key <key>', 'a public key you trust, NAME+ID+BASE64; may be repeated', repeated, [])
    .option('--key-file <file>', 'such keys, one a line, or a deltabook-keys document')
    .option('--reference <reference>', 'the customer it must be of')
    .option('--receipt-id <id>', 'the delta it must be of')
    .option('--write-record <file>', 'write the record of the outer proof to this file')
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action((file: string, flags: VerifyFlags) => verify(context, file, flags));
}

function verify({ terminal }: CliContext, file: string, flags: VerifyFlags): void {
  const verdict = verdictOf(readGivenFile(file), flags);
  if (verdict.ok) {
    return terminal.result(flags.json ? provenJson(verdict) : provenLines(verdict).join('\n'));
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
    return parseReceiptJson(proofIn(JSON.parse(text) as Parameters<typeof proofIn>[0]));
  } catch {
    return { ok: false, problem: 'the file is neither a receipt file nor JSON' };
  }
}

/** A whole reply of the service, as curl keeps it, holds its proof further in. */
function proofIn(json: { readonly data?: { readonly proof?: unknown }; readonly proof?: unknown }) {
  return json.data?.proof ?? json.proof ?? json;
}

/** Name of the log that the receipt says it is of; its signature has to bear that out. */
function originOf({ sealProof }: Receipt): string {
  const note = parseSignedNote(sealProof.logHead);
  const head = note.ok ? parseLogHead(note.value.text) : undefined;
  return head?.ok ? head.value.origin : '';
}
