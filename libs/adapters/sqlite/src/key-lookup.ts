// Finds a key in the runs: one page of each, all seen in one read transaction, so that a merge
// under way hides nothing.
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { pageId, slotStart } from './key-pages';
import { keyPrefix, revisionsOf, wordsOf } from './key-record';

export class KeyLookup {
  private readonly slots: StatementSyncInstance;
  private readonly page: StatementSyncInstance;

  constructor(private readonly database: DatabaseSyncInstance) {
    this.slots = database.prepare('SELECT slot FROM key_run');
    this.page = database.prepare(
      'SELECT records FROM key_page WHERE id <= ? AND id >= ? ORDER BY id DESC LIMIT 1',
    );
  }

  /** Revisions that may carry the key (64 hex), in no order. */
  find(keyHex: string): number[] {
    const prefix = keyPrefix(keyHex);
    const found: number[] = [];
    this.database.exec('BEGIN');
    try {
      for (const { slot } of this.slots.all() as { slot: number }[]) {
        const at = pageId(slot, prefix.high);
        const row = this.page.get(at, slotStart(slot)) as { records: Uint8Array } | undefined;
        if (row) found.push(...revisionsOf(wordsOf(row.records), prefix));
      }
    } finally {
      this.database.exec('COMMIT');
    }
    return found;
  }
}
