// Verifies a receipt with public keys alone, from the outside in: the signed head, the seal in the
// log, the leaves in the customer's tree, the chain of the leaves, their content, and the period.
import { bytesOfHex, hexOf, utf8 } from './bytes';
import { verifyInclusion } from './inclusion-proof';
import {
  CHAIN_START,
  chainPointOf,
  chainProblems,
  type ChainPoint,
  type ChainProblem,
} from './leaf-chain';
import { leafText } from './leaf';
import type { LogHead } from './log-head';
import { verifyRange } from './range-proof';
import { provenPeriod, type ProvenDelta, type ProvenPeriod } from './proven-period';
import type { Receipt } from './receipt';
import { parseReceiptFile } from './receipt-file';
import { refusal, type Refusal } from './refusal';
import { sealText, type Seal } from './seal';
import type { NoteVerifierKey, VerifierCrypto } from './signed-note';
import { verifyTlogProof, type TlogProofRefusal } from './tlog-proof';
import { hashLeaf } from './tree-hash';
import type { ProofVerdict } from './tree-spans';

export type ReceiptRefusal =
  | TlogProofRefusal
  | ChainProblem
  | 'MALFORMED_RECEIPT'
  | 'OTHER_CUSTOMER'
  | 'NOT_IN_TREE'
  | 'CONTENT_MISMATCH'
  | 'PERIOD_INCOMPLETE';

export interface VerifiedReceipt {
  readonly ok: true;
  readonly seal: Seal;
  readonly logHead: LogHead;
  /** The one delta, or those in the period: neighbours outside it are left out. */
  readonly deltas: readonly ProvenDelta[];
  readonly period?: ProvenPeriod;
}

/** Reads and verifies a receipt file. */
export function verifyReceiptFile(
  file: string,
  keys: readonly NoteVerifierKey[],
  crypto: VerifierCrypto,
): VerifiedReceipt | Refusal<ReceiptRefusal> {
  const receipt = parseReceiptFile(file);
  if (!receipt.ok) return refusal('MALFORMED_RECEIPT', receipt.problem);
  return verifyReceipt(receipt.value, keys, crypto);
}

/**
 * Verifies a receipt against the verifier keys that the reader trusts (several after a rotation).
 * Whether it is the receipt that was asked for is the reader's to compare (`receiptAnswers`).
 */
export function verifyReceipt(
  receipt: Receipt,
  keys: readonly NoteVerifierKey[],
  crypto: VerifierCrypto,
): VerifiedReceipt | Refusal<ReceiptRefusal> {
  const { index, hashes, logHead } = receipt.sealProof;
  const proof = { index, hashes, checkpoint: logHead };
  const opened = verifyTlogProof(proof, utf8(sealText(receipt.seal)), keys, crypto);
  if (!opened.ok) return opened;
  const proven = receipt.deltas.map((delta): ProvenDelta => {
    const leafHash = hashLeaf(utf8(leafText(delta.leaf)), crypto.sha256);
    return { ...delta, receiptId: `0x${hexOf(leafHash)}` };
  });
  const fault =
    treeFault(receipt, proven, crypto) ?? chainFault(proven) ?? contentFault(proven, crypto);
  if (fault) return fault;
  const verified = { ok: true, seal: receipt.seal, logHead: opened.head } as const;
  if (!receipt.period) return { ...verified, deltas: proven };
  const period = provenPeriod(receipt.period, receipt.seal, proven);
  return period.ok ? { ...verified, ...period } : period;
}

function treeFault(
  { seal, period, treeHashes }: Receipt,
  deltas: readonly ProvenDelta[],
  crypto: VerifierCrypto,
): Refusal<ReceiptRefusal> | undefined {
  const [first] = deltas;
  if (!first || (!period && deltas.length > 1)) {
    return refusal(
      'MALFORMED_RECEIPT',
      'the receipt of a delta has one leaf, a period at least one',
    );
  }
  const stranger = deltas.find(({ leaf }) => leaf.reference !== seal.reference);
  if (stranger) {
    const { reference, sequence } = stranger.leaf;
    return refusal('OTHER_CUSTOMER', `delta ${sequence} is of ${reference}, not ${seal.reference}`);
  }
  const start = Number(first.leaf.sequence) - 1;
  const tree = { size: Number(seal.size), root: hashBytes(seal.root) };
  const verdict: ProofVerdict = period
    ? verifyRange(
        { ...tree, start, leafHashes: deltas.map(({ receiptId }) => hashBytes(receiptId)) },
        treeHashes,
        crypto.sha256,
      )
    : verifyInclusion(
        { ...tree, index: start, leafHash: hashBytes(first.receiptId) },
        treeHashes,
        crypto.sha256,
      );
  if (verdict.ok) return undefined;
  const place = `delta ${first.leaf.sequence} of ${seal.size}`;
  return refusal('NOT_IN_TREE', `${place} is not proven by the hashes (${verdict.reason})`);
}

const hashBytes = (text: string): Uint8Array => bytesOfHex(text.slice(2)) ?? new Uint8Array(0);

/** Leaves follow each other; the first delta of all also starts from nothing. */
function chainFault(deltas: readonly ProvenDelta[]): Refusal<ChainProblem> | undefined {
  let previous: ChainPoint | undefined = deltas[0]?.leaf.sequence === '1' ? CHAIN_START : undefined;
  for (const { leaf, receiptId } of deltas) {
    const [problem] = previous ? chainProblems(previous, leaf) : [];
    if (problem) return refusal(problem, `delta ${leaf.sequence} does not follow the one before`);
    previous = chainPointOf(leaf, receiptId);
  }
  return undefined;
}

function contentFault(
  deltas: readonly ProvenDelta[],
  crypto: VerifierCrypto,
): Refusal<'CONTENT_MISMATCH'> | undefined {
  const altered = deltas.find(
    ({ leaf, private: content }) =>
      content !== undefined && `0x${hexOf(crypto.sha256(utf8(content)))}` !== leaf.contentHash,
  );
  if (!altered) return undefined;
  const { sequence } = altered.leaf;
  return refusal(
    'CONTENT_MISMATCH',
    `the private part of delta ${sequence} is not what was hashed`,
  );
}
