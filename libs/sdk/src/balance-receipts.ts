// The receipts of pac.balance: fetched, checked in this process, and only then handed over.
import type { GET_RECEIPT, ReceiptReply } from '@deltabook/contracts';
import type { ReceiptQuestion, VerifiedReceipt } from '@deltabook/integrity';
import { BalanceReads } from './balance-reads';
import { boundsOfScope } from './periods';
import { compareHistories, headOf, type HistoryComparison } from './receipts/find-difference';
import { refused } from './receipts/receipt-refused';
import type { CallOptions } from './request';
import type { QueryOf } from './route';
import * as routes from './routes';
import { splitOptions } from './split-options';

/** One delta, a period, or with neither the whole history. */
export type ReceiptOptions = Omit<QueryOf<typeof GET_RECEIPT>, 'format'> & Whose & CallOptions;

export interface Whose {
  /** customerReference, where the caller knows it: a receipt of another one is refused. */
  readonly reference?: string;
}

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
    const { reference, ...rest } = options;
    const { call, sent } = splitOptions(rest);
    const { transport, seen, receipts } = this.using;
    const input = { params: { customerId }, query: seen.addTo(sent), kind: 'read' } as const;
    const reply = await transport.call(routes.GET_RECEIPT_ROUTE, input, call);
    const path = routes.GET_RECEIPT_ROUTE.path;
    await receipts?.checkReply(reply, questionOf(sent, reference), path);
    return reply;
  }

  /** The same receipt as the text of a file (c2sp.org/tlog-proof@v1), checked in the same way. */
  async receiptFile(customerId: string, options: ReceiptOptions = {}): Promise<ReceiptFile> {
    const { reference, ...rest } = options;
    const { call, sent } = splitOptions(rest);
    const { transport, seen, receipts } = this.using;
    const query = { ...seen.addTo(sent), format: 'tlog-proof' };
    const input = { params: { customerId }, query, kind: 'read' } as const;
    const text = await transport.text(routes.GET_RECEIPT_ROUTE, input, call);
    const path = routes.GET_RECEIPT_ROUTE.path;
    return { text, proven: await receipts?.checkText(text, questionOf(sent, reference), path) };
  }

  /**
   * Finds the first delta on which a history that the caller kept, as receiptIds in order, differs
   * from the service's, and proves it. Needs at most log2 of the history's length requests and one
   * more. Rejects with ReceiptRefusedError where the service's own nodes do not add up.
   */
  async findDifference(
    customerId: string,
    receiptIds: readonly string[],
    options: Whose & CallOptions = {},
  ): Promise<HistoryComparison> {
    const { reference, ...call } = options;
    const { receipts } = this.using;
    const { path: requestPath } = routes.GET_TREE_NODES_ROUTE;
    return compareHistories({
      receiptIds,
      requestPath,
      load: (query) => this.treeNodes(customerId, { ...query, ...call }),
      check: async (reply) => {
        if (reference !== undefined && reply.seal.reference !== reference) {
          const problem = `the history is of ${reply.seal.reference}, not ${reference}`;
          throw refused({ ok: false, reason: 'OTHER_CUSTOMER', problem }, requestPath);
        }
        return receipts ? receipts.checkSeal(reply, requestPath) : headOf(reply);
      },
    });
  }
}

/** What the receipt must be of, as far as the question says it by itself. */
function questionOf(
  asked: Omit<ReceiptOptions, keyof CallOptions | keyof Whose>,
  reference: string | undefined,
): ReceiptQuestion {
  const whose = reference === undefined ? {} : { reference };
  if (asked.receiptId !== undefined) return { ...whose, receiptId: String(asked.receiptId) };
  if (asked.recordId !== undefined) return whose;
  const period = boundsOfScope(asked);
  return period ? { ...whose, period } : whose;
}
