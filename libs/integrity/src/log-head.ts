// Log heads: the signed root and size of a log. c2sp.org/tlog-checkpoint calls the text a
// checkpoint, a word that means something else to Deltabook's customers.
import { base64Of, bytesEqual, bytesOfBase64 } from './bytes';
import { verifyConsistency } from './consistency-proof';
import { countOf, parsed, unreadable, type Parsed } from './parsed';
import { refusal, type Refusal } from './refusal';
import {
  openNote,
  type NoteRefusal,
  type NoteVerifierKey,
  type VerifierCrypto,
} from './signed-note';
import { isHash, type Sha256 } from './tree-hash';

export interface LogHead {
  /** Name of the log: `<installation name>/<tenant>-<environment>`. */
  readonly origin: string;
  /** Number of seals in the log. */
  readonly size: number;
  readonly root: Uint8Array;
  /** Lines that the format leaves open. Deltabook writes none. */
  readonly extensions?: readonly string[];
}

/** The text that is signed, with its final newline. */
export function logHeadText(head: LogHead): string {
  const lines = [head.origin, String(head.size), base64Of(head.root), ...(head.extensions ?? [])];
  return `${lines.join('\n')}\n`;
}

const LOG_HEAD = /^([^\n]+)\n([0-9]+)\n([^\n]+)\n((?:[^\n]+\n)*)$/;

/** Reads the text of a log head, as `openNote` gives it. */
export function parseLogHead(text: string): Parsed<LogHead> {
  const match = LOG_HEAD.exec(text);
  if (!match) return unreadable('a log head has an origin, a size and a root, one on each line');
  const [, origin, sizeText, rootText, rest] = match as unknown as Five;
  const size = countOf(sizeText);
  if (size === undefined) return unreadable('the size is no decimal number below 2^53');
  const root = bytesOfBase64(rootText);
  if (!root || !isHash(root)) return unreadable('the root is no base64 of 32 bytes');
  const extensions = rest.split('\n').slice(0, -1);
  return parsed({ origin, size, root, ...(extensions.length > 0 ? { extensions } : {}) });
}

type Five = readonly [string, string, string, string, string];

export type LogHeadRefusal = NoteRefusal | 'MALFORMED_LOG_HEAD' | 'WRONG_ORIGIN';

export interface OpenedLogHead {
  readonly ok: true;
  readonly head: LogHead;
}

/** Reads a signed log head; a trusted key must have signed it under the log's own name. */
export function openLogHead(
  note: string,
  keys: readonly NoteVerifierKey[],
  crypto: VerifierCrypto,
): OpenedLogHead | Refusal<LogHeadRefusal> {
  const opened = openNote(note, keys, crypto);
  if (!opened.ok) return opened;
  const head = parseLogHead(opened.text);
  if (!head.ok) return refusal('MALFORMED_LOG_HEAD', head.problem);
  if (!opened.signers.some(({ name }) => name === head.value.origin)) {
    const names = opened.signers.map(({ name }) => name).join(', ');
    return refusal('WRONG_ORIGIN', `the head of ${head.value.origin} is signed as ${names}`);
  }
  return { ok: true, head: head.value };
}

export type LogGrowthRefusal = 'OTHER_LOG' | 'STALE_HEAD' | 'FORKED_LOG';

/**
 * Checks that `next` is a later head of the log whose head `seen` was accepted before.
 * `hashes` is the consistency proof from seen.size to next.size.
 */
export function verifyLogGrowth(
  seen: LogHead,
  next: LogHead,
  hashes: readonly Uint8Array[],
  sha256: Sha256,
): { readonly ok: true } | Refusal<LogGrowthRefusal> {
  if (seen.origin !== next.origin) {
    return refusal('OTHER_LOG', `${next.origin} is not ${seen.origin}`);
  }
  if (next.size < seen.size) {
    const sizes = `${String(next.size)} seals, ${String(seen.size)} were seen before`;
    return refusal('STALE_HEAD', `the head has ${sizes}`);
  }
  if (next.size === seen.size && !bytesEqual(next.root, seen.root)) {
    return refusal('FORKED_LOG', 'two heads of one size have different roots: keep both as proof');
  }
  const claim = { from: seen.size, to: next.size, fromRoot: seen.root, toRoot: next.root };
  const verdict = verifyConsistency(claim, hashes, sha256);
  return verdict.ok
    ? verdict
    : refusal('FORKED_LOG', `the log is not shown to have only grown (${verdict.reason})`);
}
