// Checks receipts in this process: what the service says of itself is not believed.
import type { ReceiptReply } from '@deltabook/contracts';
import {
  parseLogHead,
  parseReceiptFile,
  parseReceiptJson,
  parseSignedNote,
  receiptAnswers,
  verifyReceipt,
  type Parsed,
  type Receipt,
  type ReceiptQuestion,
  type VerifiedReceipt,
} from '@deltabook/integrity';
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
    if (!parsed.ok) {
      const { problem } = parsed;
      throw refused({ ok: false, reason: 'MALFORMED_RECEIPT', problem }, requestPath);
    }
    let verified = await this.verify(parsed.value, false);
    // The service may have got another key since its keys were read.
    if (!verified.ok && verified.reason === 'UNTRUSTED_KEY') {
      verified = await this.verify(parsed.value, true);
    }
    if (!verified.ok) throw refused(verified, requestPath);
    const answers = receiptAnswers(verified, asked);
    if (!answers.ok) throw refused(answers, requestPath);
    return verified;
  }

  private async verify(receipt: Receipt, anew: boolean) {
    const keys = await this.keys.keysOf(originOf(receipt), anew);
    return keys.ok ? verifyReceipt(receipt, keys.keys, receiptCrypto) : keys;
  }
}

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
