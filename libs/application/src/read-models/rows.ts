// What the read models hold, as the application sees it. All amounts are bigint nano units.

import type { Environment } from '@deltabook/domain';

/** One customer record: balance, summary and everything the write path needs as a snapshot. */
export interface CustomerRow {
  /** `0x` + 40 hex, checksum-cased. */
  readonly reference: string;
  readonly tenant: string;
  readonly environment: Environment;
  readonly customerId: string;
  /** Revision of the last event folded into this row. */
  readonly revision: number;
  /** Number of deltas = sequence of the last one. */
  readonly totalDeltas: number;
  readonly balanceNano: bigint;
  /** receiptId of the last delta, `0x` + 64 hex; 32 zero bytes before the first. */
  readonly lastReceiptId: string;
  /** Milliseconds since the epoch of the last event of the stream. */
  readonly lastRecordedAt: number;
  /** Least and greatest of occurredAt ?? recordedAt, milliseconds; null before the first delta. */
  readonly firstActivity: number | null;
  readonly lastActivity: number | null;
  readonly latestCheckpoint: string | null;
  readonly fenced: boolean;
  /** Sequence from which deltas are FAILED while fenced; null otherwise. */
  readonly fencedFromSequence: number | null;
  /** Number of deltas that were verified and sealed: those up to this sequence. */
  readonly verifiedDeltas: number;
  /** Of the newest seal, which covers them: time (RFC 3339 UTC) and root (`0x` + 64 hex). */
  readonly sealedAt: string | null;
  readonly sealedRoot: string | null;
}

/** A tree head of a customer that was sealed. */
export interface SealedHead {
  /** Deltas that it covers. */
  readonly size: number;
  /** `0x` + 64 hex. */
  readonly root: string;
  /** RFC 3339 UTC, 3 fraction digits. */
  readonly sealedAt: string;
}

export type CustomerSort =
  'firstAppearance' | 'customerId' | 'balance' | 'totalDeltas' | 'lastActivity';

export interface CustomerPageRequest {
  readonly tenant: string;
  readonly environment: Environment;
  /** Literal, case-sensitive substring of customerId; '' for all. */
  readonly search: string;
  readonly sortBy: CustomerSort;
  readonly sortOrder: 'asc' | 'desc';
  /** 1-based. */
  readonly page: number;
  readonly limit: number;
}

/** What a list shows of a customer. */
export type ListedCustomer = Pick<
  CustomerRow,
  | 'reference'
  | 'customerId'
  | 'totalDeltas'
  | 'balanceNano'
  | 'latestCheckpoint'
  | 'firstActivity'
  | 'lastActivity'
  | 'fenced'
  | 'verifiedDeltas'
>;

export interface CustomerPage {
  readonly customers: readonly ListedCustomer[];
  /** Customers that match, over all pages. */
  readonly total: number;
}

export interface ScopeTotals {
  readonly customers: number;
  readonly deltas: number;
  /** Verified and sealed. */
  readonly verifiedDeltas: number;
  readonly balanceNano: bigint;
  readonly fenced: number;
  readonly firstActivity: number | null;
  readonly lastActivity: number | null;
}
