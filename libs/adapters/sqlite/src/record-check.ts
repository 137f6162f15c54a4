// Looks for many records in a whole index at once: both are in order, so that one walk over each
// run tells which it has. A lookup for each would read a page of every run.
import type { LookedFor, ReceiptPlace, ServedKeys } from '@deltabook/application/threads';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { KeyBatch, keyPrefix } from './key-record';
import { RunCursor } from './record-pages';
import { ReceiptBatch } from './receipt-record';
import { compareRecords, nameOfRecord, type RecordBatch } from './sorted-records';

abstract class RecordCheck<Batch extends RecordBatch> implements LookedFor {
  protected wanted: Batch;
  private readonly slots: StatementSyncInstance;

  constructor(
    private readonly database: DatabaseSyncInstance,
    private readonly newBatch: () => Batch,
  ) {
    this.wanted = newBatch();
    this.slots = database.prepare('SELECT slot FROM record_run');
  }

  missing(): readonly number[] {
    const { wanted, database } = this;
    this.wanted = this.newBatch();
    if (wanted.recordCount === 0) return [];
    const records = wanted.sorted();
    const found = new Uint8Array(wanted.recordCount);
    // All runs are of one moment: a merge moves records from one to another.
    database.exec('BEGIN');
    try {
      for (const { slot } of this.slots.all() as { slot: number }[]) {
        mark(new RunCursor(database, slot), records, found);
      }
    } finally {
      database.exec('COMMIT');
    }
    const lost = new Set<string>();
    found.forEach((isFound, i) => {
      if (isFound === 0) lost.add(nameOfRecord(records, i));
    });
    return wanted.numbersOf(lost);
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

export class KeyCheck extends RecordCheck<KeyBatch> implements ServedKeys {
  constructor(database: DatabaseSyncInstance) {
    super(database, () => new KeyBatch());
  }

  take(keyHex: string, revision: number): void {
    this.wanted.add(keyPrefix(keyHex), revision);
  }
}

export class ReceiptCheck extends RecordCheck<ReceiptBatch> {
  constructor(database: DatabaseSyncInstance) {
    super(database, () => new ReceiptBatch());
  }

  take(receiptId: string, place: Omit<ReceiptPlace, 'leafHash'>): void {
    this.wanted.addNamed(receiptId, place);
  }
}
