// Checkpoints as the read models hold them. All amounts are bigint nano units.
import type { Environment } from '@deltabook/domain';

/** A committed checkpoint, whatever came after it. */
export interface CheckpointRow {
  /** `0x` + 40 hex, checksum-cased. */
  readonly reference: string;
  readonly tenant: string;
  readonly environment: Environment;
  readonly customerId: string;
  /** Its place in the customer's stream, of which its id is made. */
  readonly revision: number;
  /** YYYY-MM. */
  readonly period: string;
  /** Sequence of the last delta covered. */
  readonly sequence: number;
  /** Deltas of the period among those covered. */
  readonly deltaCount: number;
  readonly openingNano: bigint;
  readonly balanceNano: bigint;
  /** receiptId of the last delta covered. */
  readonly proofRoot: string;
  /** Milliseconds since the epoch. */
  readonly committedAt: number;
  /** Revision of the checkpoint of the same period whose place it took; null for the first. */
  readonly supersedes: number | null;
}

export interface ListedCheckpoint extends CheckpointRow {
  /** Revision of the checkpoint that took its place; null for the one that stands. */
  readonly supersededBy: number | null;
}

export interface CheckpointPageRequest {
  readonly tenant: string;
  readonly environment: Environment;
  /** Reference of one customer; all customers when undefined. */
  readonly reference: string | undefined;
  /** First and last period (YYYY-MM), both included. */
  readonly firstPeriod: string;
  readonly lastPeriod: string;
  readonly limit: number;
  readonly offset: number;
}

/** Newest period first, in it the newest checkpoint first. */
export interface CheckpointPage {
  readonly checkpoints: readonly ListedCheckpoint[];
  /** Over all pages. */
  readonly total: number;
}
