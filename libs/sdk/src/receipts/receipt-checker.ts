// Checks receipts in this process: what the service says of itself is not believed.
import type { ReceiptReply, TreeNodesReply } from '@deltabook/contracts';
import {
  parseLogHead,
  parseReceiptFile,
  parseReceiptJson,
  parseSignedNote,
  RECEIPT_FORMAT,
  receiptAnswers,
  sealText,
  utf8,
  verifyReceipt,
  verifyTlogProof,
  type KeyChainRefusal,
  type NoteVerifierKey,
  type Parsed,
  type Receipt,
  type ReceiptQuestion,
  type ReceiptRefusal,
  type Refusal,
  type TreeHead,
  type VerifiedReceipt,
} from '@deltabook/integrity';
import { headOf } from './find-difference';
import type { KeyRing } from './key-ring';
import { receiptCrypto } from './receipt-crypto';
import { refused } from './receipt-refused';
import { unprovenMembers } from './receipt-reply';

export class ReceiptChecker {
  constructor(private readonly keys: KeyRing) {}

  /** Rejects with ReceiptRefusedError unless the reply is proven, all of it. */
  async checkReply(
    reply: ReceiptReply,
    asked: ReceiptQuestion,
    requestPath: string,
  ): Promise<VerifiedReceipt> {
    const verified = await this.check(parseReceiptJson(reply.proof), asked, requestPath);
    const [member] = unprovenMembers(reply, verified);
    if (member === undefined) return verified;
    const problem = `its proof does not bear out ${member}`;
    throw refused({ ok: false, reason: 'OTHER_REPLY', problem }, requestPath);
  }

  /** Rejects with ReceiptRefusedError unless the seal is in the signed log; gives its head. */
  async checkSeal(reply: TreeNodesReply, requestPath: string): Promise<TreeHead> {
    const parsed = parseReceiptJson({ ...NO_DELTAS, ...reply });
    if (!parsed.ok) throw refused(malformed(parsed.problem), requestPath);
    const { seal, sealProof } = parsed.value;
    const { index, hashes, logHead } = sealProof;
    const proof = { index, hashes, checkpoint: logHead };
    const record = utf8(sealText(seal));
    const verdict = await this.withKeys(parsed.value, (keys) =>
      verifyTlogProof(proof, record, keys, receiptCrypto),
    );
    if (!verdict.ok) throw refused(verdict, requestPath);
    return headOf(reply);
  }

  /** The same for a receipt file, or a receipt's proof as JSON. */
  checkText(text: string, asked: ReceiptQuestion, requestPath: string): Promise<VerifiedReceipt> {
    const parsed = text.startsWith('{') ? parseProof(text) : parseReceiptFile(text);
    return this.check(parsed, asked, requestPath);
  }

  private async check(
    parsed: Parsed<Receipt>,
    asked: ReceiptQuestion,
    requestPath: string,
  ): Promise<VerifiedReceipt> {
    if (!parsed.ok) throw refused(malformed(parsed.problem), requestPath);
    const verified = await this.withKeys(parsed.value, (keys) =>
      verifyReceipt(parsed.value, keys, receiptCrypto),
    );
    if (!verified.ok) throw refused(verified, requestPath);
    const answers = receiptAnswers(verified, asked);
    if (!answers.ok) throw refused(answers, requestPath);
    return verified;
  }

  private async withKeys<Accepted extends { readonly ok: true }>(
    receipt: Receipt,
    verify: (keys: readonly NoteVerifierKey[]) => Accepted | Refusal<ReceiptRefusal>,
  ): Promise<Accepted | Refusal<ReceiptRefusal | KeyChainRefusal>> {
    const origin = originOf(receipt);
    const known = await this.keys.keysOf(origin);
    const verdict = known.ok ? verify(known.keys) : known;
    if (verdict.ok || verdict.reason !== 'UNTRUSTED_KEY') return verdict;
    // The service may have got another key since its keys were read.
    const anew = await this.keys.keysOf(origin, true);
    return anew.ok ? verify(anew.keys) : anew;
  }
}

/** What a seal alone lacks of a receipt. */
const NO_DELTAS = { format: RECEIPT_FORMAT, deltas: [], treeHashes: [] } as const;

const malformed = (problem: string): Refusal<'MALFORMED_RECEIPT'> => ({
  ok: false,
  reason: 'MALFORMED_RECEIPT',
  problem,
});

function parseProof(text: string): Parsed<Receipt> {
  try {
    return parseReceiptJson(JSON.parse(text));
  } catch {
    return { ok: false, problem: 'it is no JSON' };
  }
}

/** Name of the log that the receipt says it is of; the signature has to bear that out. */
function originOf({ sealProof }: Receipt): string {
  const note = parseSignedNote(sealProof.logHead);
  const head = note.ok ? parseLogHead(note.value.text) : undefined;
  return head?.ok ? head.value.origin : '';
}
