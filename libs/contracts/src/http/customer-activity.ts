// A page of a customer's activity, newest first.
import { IsArray, IsIn, IsInt, IsNumber, IsObject, IsOptional, IsString } from 'class-validator';
import { DELTA_STATUSES } from './delta-fields';
import { Nested, NestedEach } from './nested';

/** Statuses in activity are in lower case. */
export const ACTIVITY_STATUSES = DELTA_STATUSES.map(
  (status) => status.toLowerCase() as Lowercase<typeof status>,
);

export class ActivityItem {
  @IsNumber()
  readonly delta!: number;

  @IsString()
  readonly reason!: string;

  @IsOptional()
  @IsString()
  readonly referenceId!: string | null;

  @IsIn(ACTIVITY_STATUSES)
  readonly status!: (typeof ACTIVITY_STATUSES)[number];

  /** The caller's time of the fact, else the time of recording. */
  @IsString()
  readonly time!: string;

  @IsString()
  readonly recordId!: string;

  /** Hash of the customer's newest seal, once that covers the delta. */
  @IsOptional()
  @IsString()
  readonly verificationReference!: string | null;

  /** Exact. */
  @IsString()
  readonly deltaDecimal!: string;

  @IsString()
  readonly receiptId!: string;

  @IsInt()
  readonly sequenceNumber!: number;

  /** Balance after this delta. */
  @IsNumber()
  readonly computedBalance!: number;

  /** Exact. */
  @IsString()
  readonly computedBalanceDecimal!: string;

  @IsOptional()
  @IsObject()
  readonly metadata!: object | null;

  /** What this delta corrects: {referenceId} or {recordId}. */
  @IsOptional()
  @IsObject()
  readonly adjusts!: object | null;

  /** RFC 3339 UTC, milliseconds. */
  @IsString()
  readonly recordedAt!: string;

  @IsOptional()
  @IsString()
  readonly occurredAt!: string | null;
}

export class ActivityPagination {
  /** 1-based; null on a page that a cursor led to. */
  @IsOptional()
  @IsInt()
  readonly page!: number | null;

  @IsInt()
  readonly limit!: number;

  /** Deltas of the customer; null with a filter, since not all are looked at. */
  @IsOptional()
  @IsInt()
  readonly total!: number | null;

  @IsOptional()
  @IsInt()
  readonly totalPages!: number | null;
}

export class RecentActivity {
  @IsArray()
  @NestedEach(() => ActivityItem)
  readonly items!: readonly ActivityItem[];

  @Nested(() => ActivityPagination)
  readonly pagination!: ActivityPagination;

  /** `cursor` of what is older, null at the end; with a filter a page may be short before that. */
  @IsOptional()
  @IsString()
  readonly nextCursor!: string | null;
}
