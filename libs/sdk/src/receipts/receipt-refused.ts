// A receipt that proves nothing to this client.
import type { AnswerRefusal, KeyChainRefusal, ReceiptRefusal, Refusal } from '@deltabook/integrity';
import { PacSpaceError } from '../errors';

/**
 * - OTHER_REPLY: what the reply says beside the proof is not what the proof proves.
 * - NODES_MISMATCH: nodes of a history do not lead to the head that was signed.
 */
export type ReceiptRefusalCode =
  ReceiptRefusal | AnswerRefusal | KeyChainRefusal | 'OTHER_REPLY' | 'NODES_MISMATCH';

/** The proof does not hold, is of something else, or is signed by a key that is not trusted. */
export class ReceiptRefusedError extends PacSpaceError {
  override readonly name = 'ReceiptRefusedError';
  declare readonly code: ReceiptRefusalCode;
}

export function refused(
  { reason, problem }: Refusal<ReceiptRefusalCode>,
  requestPath: string,
): ReceiptRefusedError {
  return new ReceiptRefusedError(`The receipt is refused: ${problem}.`, {
    code: reason,
    statusCode: 0,
    requestPath,
  });
}
