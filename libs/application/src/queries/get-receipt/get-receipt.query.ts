// GetReceipt: what proves one delta, or all deltas of a period, of a customer.
import { Query } from '@nestjs/cqrs';
import type { ReceiptSource } from '../../receipts/receipt-source';
import type { SealRefusal } from '../../receipts/sealed-histories';
import type { ReadResult, ReadScope } from '../read-result';
import type { RecordRefusal } from '../record-finder';

/** What the receipt is to prove. */
export type ReceiptWanted =
  | { readonly kind: 'record'; readonly recordId: string }
  | { readonly kind: 'receipt'; readonly receiptId: string }
  /** Milliseconds since the epoch, the end exclusive; undefined leaves a side open. */
  | {
      readonly kind: 'period';
      readonly fromMs: number | undefined;
      readonly beforeMs: number | undefined;
    };

export type ReceiptRefusalCode = RecordRefusal | SealRefusal | 'RECORD_NOT_FOUND';

export class GetReceiptQuery extends Query<ReadResult<ReceiptSource, ReceiptRefusalCode>> {
  constructor(
    readonly scope: ReadScope,
    readonly customerId: string,
    readonly wanted: ReceiptWanted,
  ) {
    super();
  }
}
