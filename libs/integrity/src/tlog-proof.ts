// Offline proofs after c2sp.org/tlog-proof@v1: a record is entry `index` of the log with that
// signed head. The record is not in the file; `extra` is free, and not to be trusted as such.
import { base64Of, bytesOfBase64 } from './bytes';
import { verifyInclusion } from './inclusion-proof';
import { openLogHead, type LogHeadRefusal, type OpenedLogHead } from './log-head';
import { countOf, parsed, unreadable, type Parsed } from './parsed';
import { refusal, type Refusal } from './refusal';
import type { NoteVerifierKey, VerifierCrypto } from './signed-note';
import { hashLeaf, isHash } from './tree-hash';

export interface TlogProof {
  readonly extra?: Uint8Array;
  /** Number of the record in the log, from 0. */
  readonly index: number;
  /** Inclusion proof, from the record's sibling to the root's child. */
  readonly hashes: readonly Uint8Array[];
  /** Signed log head, verbatim. */
  readonly checkpoint: string;
}

export const TLOG_PROOF_HEADER = 'c2sp.org/tlog-proof@v1\n';
const EXTRA = 'extra ';
const INDEX = 'index ';
/** A tree of 2^53 leaves needs no more. */
const HASH_COUNT_MAX = 53;

/** The lines after `extra`: index, hashes, an empty line and the checkpoint. */
export function tlogProofTail(proof: Omit<TlogProof, 'extra'>): string {
  const hashes = proof.hashes.map((hash) => `${base64Of(hash)}\n`).join('');
  return `${INDEX}${String(proof.index)}\n${hashes}\n${proof.checkpoint}`;
}

/** The file's text. */
export function tlogProofText(proof: TlogProof): string {
  const extra = proof.extra ? `${EXTRA}${base64Of(proof.extra)}\n` : '';
  return TLOG_PROOF_HEADER + extra + tlogProofTail(proof);
}

/** Reads a proof file; only `verifyTlogProof` says whether it holds. */
export function parseTlogProof(text: string): Parsed<TlogProof> {
  const split = text.indexOf('\n\n');
  if (!text.startsWith(TLOG_PROOF_HEADER) || split < TLOG_PROOF_HEADER.length) {
    return unreadable(`the file has no ${TLOG_PROOF_HEADER.trim()} line and proof above its head`);
  }
  const lines = text.slice(TLOG_PROOF_HEADER.length, split).split('\n');
  const extra = lines[0]?.startsWith(EXTRA) ? extraOf(lines.shift()) : parsed({});
  if (!extra.ok) return extra;
  const place = indexAndHashes(lines);
  if (!place.ok) return place;
  return parsed({ ...extra.value, ...place.value, checkpoint: text.slice(split + 2) });
}

function extraOf(line = ''): Parsed<Pick<TlogProof, 'extra'>> {
  const extra = bytesOfBase64(line.slice(EXTRA.length));
  return extra ? parsed({ extra }) : unreadable('the extra line is no base64');
}

function indexAndHashes(lines: readonly string[]): Parsed<Pick<TlogProof, 'index' | 'hashes'>> {
  const [indexLine = '', ...hashLines] = lines;
  const index = indexLine.startsWith(INDEX) ? countOf(indexLine.slice(INDEX.length)) : undefined;
  if (index === undefined) return unreadable('the file has no line "index NUMBER"');
  if (hashLines.length > HASH_COUNT_MAX) return unreadable('no log needs that many hashes');
  const hashes: Uint8Array[] = [];
  for (const line of hashLines) {
    const hash = bytesOfBase64(line);
    if (!hash || !isHash(hash)) return unreadable(`${line} is no base64 of 32 bytes`);
    hashes.push(hash);
  }
  return parsed({ index, hashes });
}

export type TlogProofRefusal = LogHeadRefusal | 'NOT_IN_LOG';

/** Checks that `record` is in the log, as a head signed by one of `keys` says. */
export function verifyTlogProof(
  proof: TlogProof,
  record: Uint8Array,
  keys: readonly NoteVerifierKey[],
  crypto: VerifierCrypto,
): OpenedLogHead | Refusal<TlogProofRefusal> {
  const opened = openLogHead(proof.checkpoint, keys, crypto);
  if (!opened.ok) return opened;
  const { size, root } = opened.head;
  const leafHash = hashLeaf(record, crypto.sha256);
  const claim = { index: proof.index, size, leafHash, root };
  const verdict = verifyInclusion(claim, proof.hashes, crypto.sha256);
  return verdict.ok
    ? opened
    : refusal('NOT_IN_LOG', `the record is not entry ${String(proof.index)} (${verdict.reason})`);
}
