// Finds a key in the runs of the key index.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { keyPrefix, revisionsOf } from './key-record';
import { PageLookup } from './record-pages';

export class KeyLookup {
  private readonly pages: PageLookup;

  constructor(database: DatabaseSyncInstance) {
    this.pages = new PageLookup(database);
  }

  /** Revisions that may carry the key (64 hex), in no order. */
  find(keyHex: string): number[] {
    const prefix = keyPrefix(keyHex);
    return this.pages.pagesWith(prefix.high).flatMap((records) => revisionsOf(records, prefix));
  }
}
