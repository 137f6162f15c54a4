// Which run of a customer's deltas a derived balance or a comparison is about, as replies say it.
import { IsInt, IsNumber, IsOptional, IsString } from 'class-validator';

export class SpanFields {
  @IsString()
  readonly customerId!: string;

  @IsNumber()
  readonly startingBalance!: number;

  /** Exact. */
  @IsString()
  readonly startingBalanceDecimal!: string;

  /** Deltas covered. */
  @IsInt()
  readonly deltasCount!: number;

  /** Same as deltasCount. */
  @IsInt()
  readonly deltaCount!: number;

  /** Number of the last delta before those covered; 0 when they are the first ones. */
  @IsInt()
  readonly startingSequenceNumber!: number;

  /** receiptId of the last delta covered, or before: it commits to all up to it. */
  @IsString()
  readonly latestReceiptId!: string;

  /** Same as latestReceiptId. */
  @IsString()
  readonly itemsRoot!: string;

  /** Same as latestReceiptId. */
  @IsString()
  readonly proofRoot!: string;

  /** What was asked to start from. */
  @IsOptional()
  @IsString()
  readonly startingCheckpoint!: string | null;

  /** UTC month, where the scope is one. */
  @IsOptional()
  @IsString()
  readonly period!: string | null;

  /** RFC 3339 UTC; recorded from then on. */
  @IsOptional()
  @IsString()
  readonly startDate!: string | null;

  /** Recorded before then. */
  @IsOptional()
  @IsString()
  readonly endDate!: string | null;

  /** The reply holds every event up to this position of the log. */
  @IsString()
  readonly position!: string;
}
