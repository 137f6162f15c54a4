// Looks for many keys in the whole key index at once: both are in order, so that one walk over each
// run tells which keys it has. A lookup for each would read a page of every run.
import type { ServedKeys } from '@deltabook/application/threads';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { KeyBatch, keyPrefix } from './key-record';
import { RunCursor } from './record-pages';
import { compareRecords } from './sorted-records';

export class KeyCheck implements ServedKeys {
  private keys = new KeyBatch();
  private readonly slots: StatementSyncInstance;

  constructor(private readonly database: DatabaseSyncInstance) {
    this.slots = database.prepare('SELECT slot FROM record_run');
  }

  get count(): number {
    return this.keys.recordCount;
  }

  take(keyHex: string, revision: number): void {
    this.keys.add(keyPrefix(keyHex), revision);
  }

  missing(): readonly number[] {
    const { keys, database } = this;
    this.keys = new KeyBatch();
    if (keys.recordCount === 0) return [];
    const wanted = keys.sorted();
    const found = new Uint8Array(keys.recordCount);
    // All runs are of one moment: a merge moves records from one to another.
    database.exec('BEGIN');
    try {
      for (const { slot } of this.slots.all() as { slot: number }[]) {
        mark(new RunCursor(database, slot), wanted, found);
      }
    } finally {
      database.exec('COMMIT');
    }
    const lost = Array.from(found.keys()).filter((i) => found[i] === 0);
    return lost.flatMap((i) => keys.placesOf(wanted, i)).sort((a, b) => a - b);
  }
}

/** Marks those of the wanted records that a run has. */
function mark(run: RunCursor, wanted: Uint32Array, found: Uint8Array): void {
  for (let i = 0; i < found.length && !run.isAtEnd;) {
    const order = compareRecords(run.words, run.next, wanted, i);
    if (order === 0) found[i] = 1;
    if (order < 0) run.advance();
    else i += 1;
  }
}
