// Has a receipt checked by a worker of its own, which ends with the check.
import { PacSpaceError, ReceiptRefusedError } from '@deltabook/sdk';
import { keyPins } from '../session/key-pins';
import type { Session } from '../session/session-client';
import type { CheckedReceipt, ReceiptAnswer, ReceiptJob, ReceiptQuestion } from './receipt-job';

function errorOf(failed: Extract<ReceiptAnswer, { kind: 'failed' }>): Error {
  const { message, isRefused, code } = failed;
  if (code === undefined) return new Error(message);
  const facts = { statusCode: 0, requestPath: '' };
  return isRefused
    ? new ReceiptRefusedError(message, { ...facts, code: code })
    : new PacSpaceError(message, { ...facts, code });
}

/**
 * Resolves only with what this browser has proven. Rejects as the SDK does, or with the signal's
 * reason.
 */
export async function checkReceipt(
  session: Session,
  question: ReceiptQuestion,
  signal?: AbortSignal,
): Promise<CheckedReceipt> {
  signal?.throwIfAborted();
  const pins = await keyPins.read();
  const job: ReceiptJob = { session, baseUrl: window.location.origin, pins, question };
  const worker = new Worker(new URL('./receipt-check.worker.ts', import.meta.url), {
    type: 'module',
  });
  try {
    return await new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      worker.onerror = ({ message }) => reject(new Error(`The check did not run. ${message}`));
      worker.onmessage = ({ data }: MessageEvent<ReceiptAnswer>) => {
        if (data.kind === 'pinned') void keyPins.write([...data.publicKeys]);
        else if (data.kind === 'checked') resolve(data.receipt);
        else reject(errorOf(data));
      };
      worker.postMessage(job);
    });
  } finally {
    worker.terminate();
  }
}
