// Fetches and checks one receipt, away from the page's own thread: thousands of hashes and a
// signature must not hold the page up.
import { PacSpace, PacSpaceError, ReceiptRefusedError, type VerifiedReceipt } from '@deltabook/sdk';
import type { CheckedReceipt, ProvenFacts, ReceiptAnswer, ReceiptJob } from './receipt-job';

const RECEIPT_TYPE = 'text/plain;charset=utf-8';

const answer = (message: ReceiptAnswer): void => self.postMessage(message);

function factsOf({ seal, logHead, deltas, period }: VerifiedReceipt): ProvenFacts {
  const ends = { deltaCount: deltas.length, first: deltas[0], last: deltas.at(-1) };
  return { seal, logHead, ...ends, ...(period === undefined ? {} : { period }) };
}

async function check({ session, baseUrl, pins, question }: ReceiptJob): Promise<CheckedReceipt> {
  const { csrfToken, environment } = session;
  const client = new PacSpace({
    baseUrl,
    session: { csrfToken, environment },
    keyPins: {
      read: () => [...pins],
      write: (publicKeys) => answer({ kind: 'pinned', publicKeys }),
    },
  });
  if (question.kind === 'file') {
    const { file } = question;
    return { file, proven: factsOf(await client.verifyReceipt(await file.text())) };
  }
  const { customerId, options } = question;
  const { text, proven } = await client.balance.receiptFile(customerId, options);
  if (proven === undefined) throw new Error('the receipt was not checked');
  return { file: new Blob([text], { type: RECEIPT_TYPE }), proven: factsOf(proven) };
}

function failure(error: unknown): ReceiptAnswer {
  return {
    kind: 'failed',
    message: error instanceof Error ? error.message : String(error),
    isRefused: error instanceof ReceiptRefusedError,
    code: error instanceof PacSpaceError ? error.code : undefined,
  };
}

self.onmessage = ({ data }: MessageEvent<ReceiptJob>) => {
  void check(data).then(
    (receipt) => answer({ kind: 'checked', receipt }),
    (error: unknown) => answer(failure(error)),
  );
};
