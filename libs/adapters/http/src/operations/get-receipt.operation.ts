// GET /api/v1/balance/receipt/:customerId, and invoice-proof, which PacSpace's SDK asks for periods
import { GetReceiptQuery, type ReceiptSource, type ReceiptWanted } from '@deltabook/application';
import {
  GET_RECEIPT,
  type CustomerParams,
  type OperationContract,
  type ReceiptQuery,
} from '@deltabook/contracts';
import { readScope, type TimeScope } from '@deltabook/domain';
import type { QueryBus } from '@nestjs/cqrs';
import { ApiError } from '../api-error';
import { JSON_TYPE } from '../door/replies';
import type { Call, Operation } from '../operation';
import type { TextReply } from '../text-reply';
import { scopeProblemError } from '../validation/request-error';
import { scopeOf } from './call-origin';
import { customerIdOf, foundOf } from './read-result';
import { receiptFileTexts, receiptReplyTexts } from './receipt-texts';

const DAY_LENGTH = 'YYYY-MM-DD'.length;

type ReceiptCall = Call<unknown, ReceiptQuery, CustomerParams>;

export class GetReceiptOperation implements Operation<unknown, ReceiptQuery, CustomerParams> {
  constructor(
    private readonly bus: Pick<QueryBus, 'execute'>,
    readonly contract: OperationContract = GET_RECEIPT,
  ) {}

  async handle(call: ReceiptCall): Promise<TextReply> {
    const customerId = customerIdOf(call.params.customerId);
    const scope = scopeInTimeOf(call);
    const wanted = wantedOf(call.query, scope);
    const query = new GetReceiptQuery(scopeOf(call), customerId, wanted);
    const { value: source, position } = foundOf(await this.bus.execute(query));
    const withContent = call.query.content !== 'exclude';
    const parts = { source, position, now: call.now, month: scope?.period, withContent };
    if (call.query.format !== 'tlog-proof') {
      return { contentType: JSON_TYPE, texts: receiptReplyTexts(parts) };
    }
    return {
      contentType: GET_RECEIPT.file.type,
      fileName: fileNameOf(source, scope),
      texts: receiptFileTexts(parts),
    };
  }
}

function scopeInTimeOf({ query, now }: ReceiptCall): TimeScope | undefined {
  const result = readScope(query, now);
  if (!result.ok) throw scopeProblemError(result.problem);
  return result.scope;
}

function wantedOf(query: ReceiptQuery, scope: TimeScope | undefined): ReceiptWanted {
  const { recordId, receiptId } = query;
  const named = [recordId, receiptId, scope].filter((one) => one !== undefined);
  if (named.length > 1) {
    const reason = 'name one of recordId, receiptId and a period';
    throw new ApiError('INVALID_SCOPE_COMBINATION', { reason });
  }
  if (recordId !== undefined) return { kind: 'record', recordId };
  if (receiptId !== undefined) return { kind: 'receipt', receiptId };
  return { kind: 'period', fromMs: scope?.fromMs, beforeMs: scope?.beforeMs };
}

/** What every file system takes: a customerId may hold a colon. */
function fileNameOf({ row, period, first }: ReceiptSource, scope: TimeScope | undefined): string {
  const days = [period?.from, period?.to].map((time) => time?.slice(0, DAY_LENGTH));
  const dates = days.filter((day) => day !== undefined && day !== '').join('-to-');
  const what = period ? (scope?.period ?? (dates || 'all')) : `delta-${first}`;
  return `${row.customerId.replaceAll(':', '_')}-${what}.tlog-proof`;
}
