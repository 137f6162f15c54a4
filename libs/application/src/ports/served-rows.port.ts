// The rows that reads are answered with, as an audit looks at them: beside those who write and
// serve them, a page at a time, each with the position that its rows are of.
import type { SealScope } from '@deltabook/domain';
import type { ReadTile } from '@deltabook/integrity';
import type { CheckpointRow } from '../read-models/checkpoint-rows';
import type { CustomerRow } from '../read-models/rows';
import type { Position, RecordedEvent } from './event-store.port';
import type { ReceiptPlace } from './verification-store.port';

export interface ServedPage {
  /** In order of reference. */
  readonly rows: readonly CustomerRow[];
  /** Of these customers, in order of reference and revision. */
  readonly checkpoints: readonly CheckpointRow[];
  /** What lies in the log up to here is in the rows, and nothing else. */
  readonly position: Position;
}

/** What is kept verbatim of the streams of tenants and the installation. */
export interface ServedDirectory {
  readonly events: readonly RecordedEvent[];
  readonly position: Position;
}

/** What an index is looked through for, much of it at once. */
export interface LookedFor {
  /**
   * Looks for those that were taken, and takes others from then on. Gives the ones that the index
   * does not have, as they were numbered when they were taken: from 0.
   */
  missing(): readonly number[];
}

/** Looks for idempotency keys in the key index. */
export interface ServedKeys extends LookedFor {
  /** Takes a key (64 hex) with the revision of its event. */
  take(keyHex: string, revision: number): void;
}

/** Looks for receipts in the receipt index. */
export interface ServedReceipts extends LookedFor {
  /**
   * Number of a customer there, and the revision up to which all of its deltas are in the index;
   * undefined when the verifier has kept nothing of it, or its history fails.
   */
  verified(reference: string): { readonly no: number; readonly revision: number } | undefined;
  /** Takes a receiptId (`0x` + 64 hex) with the place of its delta. */
  take(receiptId: string, place: Omit<ReceiptPlace, 'leafHash'>): void;
}

/** A tree of which the verifier has kept the hashes. */
export interface KeptTree {
  /** Leaves whose hashes are kept. */
  readonly size: number;
  readonly readTile: ReadTile;
}

/** The trees that proofs are made of. */
export interface ServedTrees {
  /** By reference; undefined when the verifier has kept nothing of it, or its history fails. */
  ofCustomer(reference: string): KeptTree | undefined;
  /** Undefined before its first signed head. */
  ofSealLog(scope: SealScope): KeptTree | undefined;
}

export interface ServedRows {
  /** Customers that have a row. */
  count(): number;
  /** Up to `limit` rows of references after `after`, compared without regard to case. */
  page(after: string, limit: number): ServedPage;
  /** The row of one reference, in whatever case; an empty page when there is none. */
  one(reference: string): ServedPage;
  directory(): ServedDirectory;
  /** The key index has the keys of all events up to the position of any page read before. */
  keys(): ServedKeys;
  /** Undefined while the verifier has kept nothing. */
  receipts(): ServedReceipts | undefined;
  /** Undefined while the verifier has kept nothing. */
  trees(): ServedTrees | undefined;
  close(): void;
}
