// GET /api/v1/balance/receipt/:customerId and its alias invoice-proof
import { IsArray, IsBoolean, IsIn, IsInt, IsNumber, IsOptional, IsString } from 'class-validator';
import { DerivedDelta } from './derive-balance.contract';
import { CustomerParams } from './get-customer.contract';
import { Nested, NestedEach } from './nested';
import type { OperationContract } from './operation-contract';
import { IsReceiptIdText } from './query-text';
import { ReceiptProof } from './receipt-proof';
import { ScopeQuery } from './scope-query';

export const RECEIPT_FORMATS = ['json', 'tlog-proof'] as const;

export class ReceiptQuery extends ScopeQuery {
  /** Only this delta; not beside a period. */
  @IsOptional()
  @IsString()
  readonly recordId?: string;

  /** The same, by its receiptId. */
  @IsOptional()
  @IsReceiptIdText()
  readonly receiptId?: string;

  /** tlog-proof: the receipt as a file, see docs/verification.md; json when not given. */
  @IsOptional()
  @IsIn(RECEIPT_FORMATS)
  readonly format?: (typeof RECEIPT_FORMATS)[number];

  /** exclude: a copy that proves amounts and reveals no content; include when not given. */
  @IsOptional()
  @IsIn(['include', 'exclude'])
  readonly content?: 'include' | 'exclude';
}

export class ReceiptVerification {
  /** contentHash of each delta, in order. */
  @IsArray()
  @IsString({ each: true })
  readonly itemHashes!: readonly string[];

  /** Where anyone can check proofRoot without a key; null for an empty period. */
  @IsOptional()
  @IsString()
  readonly verifyUrl!: string | null;

  /** Hash of the seal that covers the deltas, in the seal log. */
  @IsString()
  readonly verificationReference!: string;

  /** When it was made. */
  @IsString()
  readonly verifiedAt!: string;
}

export class ReceiptReply {
  @IsString()
  readonly customerId!: string;

  @IsString()
  readonly customerReference!: string;

  @IsString()
  readonly generatedAt!: string;

  /** YYYY-MM where the receipt is of exactly a UTC month. */
  @IsOptional()
  @IsString()
  readonly period!: string | null;

  /** First moment of the period; null where it is open. */
  @IsOptional()
  @IsString()
  readonly startDate!: string | null;

  /** First moment after the period; null where it is open. */
  @IsOptional()
  @IsString()
  readonly endDate!: string | null;

  @IsInt()
  readonly deltasCount!: number;

  /** Same as deltasCount. */
  @IsInt()
  readonly deltaCount!: number;

  /** Balance before the first of the deltas. */
  @IsNumber()
  readonly startingBalance!: number;

  /** Exact. */
  @IsString()
  readonly startingBalanceDecimal!: string;

  @IsNumber()
  readonly netChange!: number;

  /** Exact. */
  @IsString()
  readonly netChangeDecimal!: string;

  /** Balance after the last of the deltas. */
  @IsNumber()
  readonly finalBalance!: number;

  /** Exact. */
  @IsString()
  readonly finalBalanceDecimal!: string;

  /** receiptId of the last delta: it commits to the whole history up to it. Null if none. */
  @IsOptional()
  @IsString()
  readonly proofRoot!: string | null;

  /** Same as proofRoot. */
  @IsOptional()
  @IsString()
  readonly itemsRoot!: string | null;

  /** Same as proofRoot. */
  @IsOptional()
  @IsString()
  readonly receiptId!: string | null;

  @IsOptional()
  @IsString()
  readonly latestCheckpoint!: string | null;

  /** False where the period goes on beyond what is sealed: later deltas may follow. */
  @IsBoolean()
  readonly complete!: boolean;

  /** Deltas of the customer that are recorded and not verified yet: not in this receipt. */
  @IsInt()
  readonly deltasNotCovered!: number;

  @IsOptional()
  @IsString()
  readonly verifyUrl!: string | null;

  /** Same as verifyUrl. */
  @IsOptional()
  @IsString()
  readonly verificationApiUrl!: string | null;

  @IsArray()
  @NestedEach(() => DerivedDelta)
  readonly deltas!: readonly DerivedDelta[];

  @Nested(() => ReceiptVerification)
  readonly verification!: ReceiptVerification;

  /** Proves all of it to who trusts only the public key: docs/verification.md. */
  @Nested(() => ReceiptProof)
  readonly proof!: ReceiptProof;

  /** Everything up to this position of the log was visible. */
  @IsString()
  readonly position!: string;
}

export const GET_RECEIPT = {
  id: 'getReceipt',
  method: 'GET',
  path: '/api/v1/balance/receipt/:customerId',
  access: 'read',
  summary: 'What proves a delta, or every delta of a period, to who trusts only a public key',
  successStatus: 200,
  params: CustomerParams,
  query: ReceiptQuery,
  reply: ReceiptReply,
  file: { type: 'text/plain; charset=utf-8', when: 'format=tlog-proof' },
  errors: [
    'INVALID_CUSTOMER_ID',
    'INVALID_SCOPE_COMBINATION',
    'CUSTOMER_NOT_FOUND',
    'RECORD_NOT_FOUND',
    'CUSTOMER_FENCED',
    'NOT_VERIFIED_YET',
    'HISTORY_MISMATCH',
  ],
} as const satisfies OperationContract;

export const GET_INVOICE_PROOF = {
  ...GET_RECEIPT,
  id: 'getInvoiceProof',
  path: '/api/v1/balance/invoice-proof/:customerId',
  summary: 'Same as receipt',
} as const satisfies OperationContract;
