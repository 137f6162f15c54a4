// A delta as reads show it. Names of several vintages stand beside each other, so that every client
// finds the one it knows: anchorId is recordId, itemsRoot is receiptId, itemHash is contentHash.
import { IsBoolean, IsIn, IsInt, IsNumber, IsObject, IsOptional, IsString } from 'class-validator';

export const DELTA_STATUSES = ['QUEUED', 'PROCESSING', 'VERIFIED', 'FAILED'] as const;
export type DeltaStatusName = (typeof DELTA_STATUSES)[number];

export class DeltaFields {
  @IsString()
  readonly recordId!: string;

  /** Same as recordId. */
  @IsString()
  readonly anchorId!: string;

  /** `0x` + 64 hex: commits to this delta and to all of its customer's before it. */
  @IsString()
  readonly receiptId!: string;

  /** Same as receiptId. */
  @IsString()
  readonly itemsRoot!: string;

  /** Same as contentHash. */
  @IsString()
  readonly itemHash!: string;

  @IsNumber()
  readonly delta!: number;

  /** Exact. */
  @IsString()
  readonly deltaDecimal!: string;

  @IsString()
  readonly reason!: string;

  @IsOptional()
  @IsString()
  readonly referenceId!: string | null;

  @IsOptional()
  @IsObject()
  readonly metadata!: object | null;

  /** What this delta corrects: {referenceId} or {recordId}. */
  @IsOptional()
  @IsObject()
  readonly adjusts!: object | null;

  @IsIn(DELTA_STATUSES)
  readonly status!: DeltaStatusName;

  /** Same as recordedAt. */
  @IsString()
  readonly submittedAt!: string;

  /** RFC 3339 UTC, milliseconds. */
  @IsString()
  readonly recordedAt!: string;

  /** The caller's time of the fact. */
  @IsOptional()
  @IsString()
  readonly occurredAt!: string | null;

  /** When the seal was made that verificationReference names. */
  @IsOptional()
  @IsString()
  readonly verifiedAt!: string | null;

  /** Hash of a seal that covers the delta: the first, a list's newest, or the receipt's. */
  @IsOptional()
  @IsString()
  readonly verificationReference!: string | null;

  /** 1-based number of the delta in its customer's history. */
  @IsInt()
  readonly sequenceNumber!: number;

  /** True once reason, referenceId and metadata were erased. */
  @IsBoolean()
  readonly dataPurged!: boolean;

  @IsString()
  readonly contentHash!: string;

  /** receiptId of the customer's delta before; 32 zero bytes for the first. */
  @IsString()
  readonly previousProofHash!: string;

  /** Balance after this delta. */
  @IsNumber()
  readonly computedBalance!: number;

  /** Exact. */
  @IsString()
  readonly computedBalanceDecimal!: string;
}
