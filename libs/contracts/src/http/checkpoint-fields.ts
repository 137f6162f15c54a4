// A checkpoint as replies carry it. Names of several vintages stand beside each other: merkleRoot
// and itemsRoot are proofRoot.
import { IsIn, IsInt, IsNumber, IsOptional, IsString } from 'class-validator';
import { DELTA_STATUSES, type DeltaStatusName } from './delta-fields';

export class CheckpointFields {
  /** `chk_…`; derive and compare start from it. */
  @IsString()
  readonly checkpointId!: string;

  @IsString()
  readonly customerId!: string;

  /** `0x` + 40 hex. */
  @IsString()
  readonly customerReference!: string;

  /** UTC month, YYYY-MM. */
  @IsString()
  readonly period!: string;

  /** VERIFIED: a checkpoint covers verified deltas only. */
  @IsIn(DELTA_STATUSES)
  readonly status!: DeltaStatusName;

  /** receiptId of the last delta covered: it commits to all of them. */
  @IsString()
  readonly proofRoot!: string;

  /** Same as proofRoot. */
  @IsString()
  readonly merkleRoot!: string;

  /** Same as proofRoot. */
  @IsString()
  readonly itemsRoot!: string;

  /** Deltas recorded in the period. */
  @IsInt()
  readonly deltaCount!: number;

  /** Same as deltaCount. */
  @IsInt()
  readonly deltasCount!: number;

  /** Number of the last delta covered, in the customer's whole history. */
  @IsInt()
  readonly sequenceNumber!: number;

  /** Balance before the period. */
  @IsNumber()
  readonly startingBalance!: number;

  /** Exact. */
  @IsString()
  readonly startingBalanceDecimal!: string;

  /** Balance after the last delta covered. */
  @IsNumber()
  readonly finalBalance!: number;

  /** Exact. */
  @IsString()
  readonly finalBalanceDecimal!: string;

  /** The checkpoint of the same period whose place this one took. */
  @IsOptional()
  @IsString()
  readonly supersedes!: string | null;

  /** The checkpoint of the same period that stands now, where that is a later one. */
  @IsOptional()
  @IsString()
  readonly supersededBy!: string | null;

  /** RFC 3339 UTC, milliseconds. */
  @IsString()
  readonly createdAt!: string;
}
