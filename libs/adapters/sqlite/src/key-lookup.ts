// Finds a key in the runs of the key index.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { keyPrefix, revisionsOf } from './key-record';
import { RecordLookup } from './record-lookup';

export class KeyLookup {
  private readonly pages: RecordLookup;

  /** Of a connection that only reads. */
  constructor(database: DatabaseSyncInstance, pagesCachedMax: number) {
    this.pages = new RecordLookup(database, pagesCachedMax);
  }

  /** Revisions that may carry the key (64 hex), in no order. */
  find(keyHex: string): number[] {
    const prefix = keyPrefix(keyHex);
    return this.pages.pagesWith(prefix.high).flatMap((records) => revisionsOf(records, prefix));
  }
}
