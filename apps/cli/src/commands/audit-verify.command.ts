// deltabook audit verify: a receipt or an export, checked with public keys alone.
import { sha256, verifyEd25519 } from '@deltabook/adapters/node-crypto';
import {
  base64Of,
  noteVerifierKey,
  parseKeysJson,
  parseLogHead,
  parseNoteVerifierKey,
  parseReceiptFile,
  parseReceiptJson,
  parseSignedNote,
  verifyKeyChain,
  verifyReceipt,
  type Parsed,
  type Receipt,
  type Refusal,
  type VerifiedReceipt,
} from '@deltabook/integrity';
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import type { CliContext } from '../cli-context';
import { CommandExit } from '../command-exit';
import type { Terminal } from '../terminal';

interface VerifyOptions {
  readonly key: readonly string[];
  readonly keys?: string;
  readonly json: boolean;
}

/** Exit code of a file that is not what it says. */
const EXIT_NOT_PROVEN = 3;
const CRYPTO = { sha256, verifyEd25519 };
const EXPORT_FORMAT = 'deltabook-export@v1';

const EXAMPLES = `
Examples:
  deltabook audit verify history.json --key deltabook/acme-production+3c1a…+AaQ…
  deltabook audit verify receipt.tlog-proof --keys deltabook-keys.json

Nothing but the file and a public key is asked: a note verifier key, or a document of
/.well-known/deltabook-keys that was kept. An export brings the chain of keys itself; without a key
of yours it is checked against that alone, and the key to be compared is printed.

Exit codes: 0 proven, ${EXIT_NOT_PROVEN} not proven, 1 not done, 2 wrong usage.`;

/** What a file holds, and the keys that it brings itself. */
interface Bundle {
  readonly receipt: Receipt;
  readonly keys: unknown;
  /** Reference of the customer that it says it is of; undefined where it does not say. */
  readonly reference?: unknown;
}

export function verifyCommand({ terminal }: CliContext): Command {
  return new Command('verify')
    .description('check a receipt or an export, offline')
    .argument('<file>', 'a receipt file, a receipt as JSON, or an export')
    .option('--key <key>', 'a public key you trust, NAME+ID+BASE64; may be repeated', add, [])
    .option('--keys <file>', 'a deltabook-keys document that you kept')
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action((file: string, options: VerifyOptions) => {
      const bundle = bundleOf(readFileSync(file, 'utf8'), file);
      const trusted = trustedKeys(bundle, options);
      if (!Array.isArray(trusted)) return tellRefused(trusted, options, terminal);
      const verdict = verified(bundle, trusted);
      if (!verdict.ok) return tellRefused(verdict, options, terminal);
      tellProven(verdict, options, terminal);
      const isOwnKey = options.key.length === 0 && options.keys === undefined;
      const newest = base64Of(trusted.at(-1) ?? new Uint8Array(0));
      if (isOwnKey) terminal.note(`checked against its own key ${newest}: compare it`);
    });
}

function tellProven(verdict: VerifiedReceipt, { json }: VerifyOptions, terminal: Terminal): void {
  const facts = factsOf(verdict);
  if (json) return terminal.result(JSON.stringify({ proven: true, ...facts }));
  for (const [name, value] of Object.entries(facts)) terminal.result(`${name}: ${value}`);
}

function tellRefused(
  { reason, problem }: Refusal<string>,
  { json }: VerifyOptions,
  terminal: Terminal,
): never {
  if (json) terminal.result(JSON.stringify({ proven: false, reason, problem }));
  else terminal.note(`not proven: ${reason}: ${problem}`);
  throw new CommandExit(EXIT_NOT_PROVEN);
}

const add = (key: string, before: readonly string[]): readonly string[] => [...before, key];

function bundleOf(text: string, file: string): Bundle {
  if (!text.trimStart().startsWith('{'))
    return { receipt: whole(parseReceiptFile(text)), keys: undefined };
  let json: Readonly<Record<string, unknown>>;
  try {
    json = JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    throw new Error(`${file} is no JSON: it may be cut short`);
  }
  const { format, receipt, keys, proof, customer = {} } = json;
  if (format === EXPORT_FORMAT && typeof receipt === 'string') {
    const { reference } = customer as { readonly reference?: unknown };
    return { receipt: whole(parseReceiptFile(receipt)), keys, reference };
  }
  return { receipt: whole(parseReceiptJson(proof ?? json)), keys: undefined };
}

function whole(parsed: Parsed<Receipt>): Receipt {
  if (parsed.ok) return parsed.value;
  throw new Error(`the file is neither a receipt nor an export: ${parsed.problem}`);
}

/** Raw public keys that may have signed, or why there are none. */
function trustedKeys(bundle: Bundle, options: VerifyOptions): Uint8Array[] | Refusal<string> {
  const given = options.key.map(publicKeyOf);
  const document =
    options.keys === undefined
      ? bundle.keys
      : (JSON.parse(readFileSync(options.keys, 'utf8')) as unknown);
  if (document === undefined) {
    if (given.length > 0) return given;
    throw new Error('a receipt needs a key: give --key or --keys');
  }
  const chain = parseKeysJson(document);
  if (!chain.ok) throw new Error(`the keys cannot be read: ${chain.problem}`);
  const linked = verifyKeyChain(chain.value, given, CRYPTO);
  return linked.ok ? [...linked.publicKeys] : linked;
}

function publicKeyOf(text: string): Uint8Array {
  const key = parseNoteVerifierKey(text.trim(), sha256);
  if (key.ok) return key.value.publicKey;
  throw new Error(`--key cannot be read: ${key.problem}`);
}

/** Keys are raw, so they are tried under the name of the log that the receipt says it is of. */
function verified(
  { receipt, reference = receipt.seal.reference }: Bundle,
  publicKeys: readonly Uint8Array[],
): VerifiedReceipt | Refusal<string> {
  if (reference !== receipt.seal.reference) {
    const problem = `the proof is of ${receipt.seal.reference}, not of ${String(reference)}`;
    return { ok: false, reason: 'OTHER_CUSTOMER', problem };
  }
  const note = parseSignedNote(receipt.sealProof.logHead);
  const head = note.ok ? parseLogHead(note.value.text) : undefined;
  const origin = head?.ok ? head.value.origin : '';
  const keys = publicKeys.map((publicKey) => noteVerifierKey(origin, publicKey, sha256));
  return verifyReceipt(receipt, keys, CRYPTO);
}

function factsOf({ seal, logHead, deltas, period }: VerifiedReceipt): Record<string, string> {
  const last = deltas.at(-1);
  return {
    customer: seal.reference,
    deltas: String(deltas.length),
    ...(period ? { opening: period.opening, closing: period.closing } : {}),
    ...(last ? { balance: last.leaf.balance, proofRoot: last.receiptId } : {}),
    sealedAt: seal.sealedAt,
    log: `${logHead.origin}, ${logHead.size} seals`,
  };
}
