// GET /api/v1/verify/:proofRoot: for anyone who holds a proofRoot, without a key. Never in it:
// customerId, reason, referenceId, metadata, or anything that was recorded after that root.
import { IsArray, IsBoolean, IsIn, IsInt, IsNumber, IsOptional, IsString } from 'class-validator';
import { Nested } from './nested';
import type { OperationContract } from './operation-contract';
import { IsReceiptIdText } from './query-text';

export const VERIFY_SOURCES = ['db', 'chain', 'both'] as const;

export class VerifyParams {
  @IsString()
  readonly proofRoot!: string;
}

export class VerifyQuery {
  /** Of PacSpace's clients; whichever it is, store, seals and signed head are all checked. */
  @IsOptional()
  @IsIn(VERIFY_SOURCES)
  readonly source?: (typeof VERIFY_SOURCES)[number];

  /** receiptId of the delta before a period: what follows it counts; all when not given. */
  @IsOptional()
  @IsReceiptIdText()
  readonly from?: string;
}

export class VerifySummary {
  @IsInt()
  readonly recordCount!: number;

  @IsNumber()
  readonly netChange!: number;

  /** Exact. */
  @IsString()
  readonly netChangeDecimal!: string;

  @IsNumber()
  readonly startingBalance!: number;

  /** Exact. */
  @IsString()
  readonly startingBalanceDecimal!: string;

  @IsNumber()
  readonly endingBalance!: number;

  /** Exact. */
  @IsString()
  readonly endingBalanceDecimal!: string;

  @IsOptional()
  @IsString()
  readonly firstRecordAt!: string | null;

  @IsOptional()
  @IsString()
  readonly lastRecordAt!: string | null;
}

export class VerifyVerification {
  /** Hash of the first seal that covered the root, in the seal log. */
  @IsOptional()
  @IsString()
  readonly reference!: string | null;

  /** Same as reference. */
  @IsOptional()
  @IsString()
  readonly verificationReference!: string | null;
}

export class VerifyReply {
  @IsBoolean()
  readonly verified!: boolean;

  @IsString()
  readonly proofRoot!: string;

  /** Why it is verified or not, for people. */
  @IsString()
  readonly message!: string;

  /** When the last of the deltas was recorded. */
  @IsOptional()
  @IsString()
  readonly recordedAt!: string | null;

  /** When the first seal that covered it was made. */
  @IsOptional()
  @IsString()
  readonly verifiedAt!: string | null;

  @IsIn(VERIFY_SOURCES)
  readonly source!: (typeof VERIFY_SOURCES)[number];

  @Nested(() => VerifySummary)
  readonly summary!: VerifySummary;

  /** Always empty: records are the customer's own. */
  @IsArray()
  readonly records!: readonly [];

  @Nested(() => VerifyVerification)
  readonly verification!: VerifyVerification;
}

export const VERIFY_ROOT = {
  id: 'verifyRoot',
  method: 'GET',
  path: '/api/v1/verify/:proofRoot',
  access: 'public',
  summary: 'What a proofRoot commits to; one that nobody knows is verified: false',
  successStatus: 200,
  params: VerifyParams,
  query: VerifyQuery,
  reply: VerifyReply,
  errors: [],
} as const satisfies OperationContract;
