// The receipts of pac.balance: fetched, checked in this process, and only then handed over.
import type { GET_RECEIPT, ReceiptReply } from '@deltabook/contracts';
import type { ReceiptQuestion, VerifiedReceipt } from '@deltabook/integrity';
import { BalanceReads } from './balance-reads';
import { boundsOfScope } from './periods';
import type { CallOptions } from './request';
import type { QueryOf } from './route';
import * as routes from './routes';
import { splitOptions } from './split-options';

/** One delta, a period, or with neither the whole history. */
export type ReceiptOptions = Omit<QueryOf<typeof GET_RECEIPT>, 'format'> & CallOptions;

export interface ReceiptFile {
  /** To be kept as it is. */
  readonly text: string;
  /** What it proves; undefined only where the client was told not to check. */
  readonly proven: VerifiedReceipt | undefined;
}

export class BalanceReceipts extends BalanceReads {
  /**
   * What proves a customer's deltas to someone who trusts only a public key. Unless the client was
   * made with `verifyReceipts: false`, it is checked here before it is handed over: rejects with
   * ReceiptRefusedError where its proof does not hold, or does not bear out all of the reply.
   */
  async receipt(customerId: string, options: ReceiptOptions = {}): Promise<ReceiptReply> {
    const { call, sent } = splitOptions(options);
    const { transport, seen, receipts } = this.using;
    const input = { params: { customerId }, query: seen.addTo(sent), kind: 'read' } as const;
    const reply = await transport.call(routes.GET_RECEIPT_ROUTE, input, call);
    const path = routes.GET_RECEIPT_ROUTE.path;
    await receipts?.checkReply(reply, questionOf(sent), path);
    return reply;
  }

  /** The same receipt as the text of a file (c2sp.org/tlog-proof@v1), checked in the same way. */
  async receiptFile(customerId: string, options: ReceiptOptions = {}): Promise<ReceiptFile> {
    const { call, sent } = splitOptions(options);
    const { transport, seen, receipts } = this.using;
    const query = { ...seen.addTo(sent), format: 'tlog-proof' };
    const input = { params: { customerId }, query, kind: 'read' } as const;
    const text = await transport.text(routes.GET_RECEIPT_ROUTE, input, call);
    const path = routes.GET_RECEIPT_ROUTE.path;
    return { text, proven: await receipts?.checkText(text, questionOf(sent), path) };
  }
}

/** What the receipt must be of, as far as the question says it by itself. */
function questionOf(asked: Omit<ReceiptOptions, keyof CallOptions>): ReceiptQuestion {
  if (asked.receiptId !== undefined) return { receiptId: String(asked.receiptId) };
  if (asked.recordId !== undefined) return {};
  const period = boundsOfScope(asked);
  return period ? { period } : {};
}
