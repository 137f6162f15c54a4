// Writes what events of the log change: they are folded in memory, then rows, checkpoints, keys,
// directory events and the position go into the file in one transaction.
import {
  BatchFold,
  type LogBatch,
  type Position,
  type ProjectionStop,
  type RecordedEvent,
} from '@deltabook/application/threads';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { CheckpointWriter } from './checkpoint-table';
import { CustomerTable, CustomerWriter } from './customer-table';
import type { KeyFilter } from './key-filter';
import { KeyBatch, keyPrefix } from './key-record';
import { RecordRuns } from './record-runs';
import { StateRow } from './read-model-file';
import { NumberedFold, RowCache } from './row-cache';
import { rowChanges, type RowChanges } from './row-changes';

export interface ProjectionWriterParts {
  readonly database: DatabaseSyncInstance;
  readonly keyFilter: KeyFilter;
  readonly rowsCachedMax: number;
  /** Runs before each commit; a test's may end the process. */
  readonly beforeCommit: () => void;
}

export interface Written {
  readonly position: Position;
  readonly rowCount: number;
  readonly changes: RowChanges;
  /** Those that were not there before. */
  readonly directoryEvents: readonly RecordedEvent[];
}

/**
 * Not to be used any more once a method has thrown: what is in the file is whole, what is in memory
 * may be ahead of it.
 */
export class ProjectionWriter {
  private readonly customers: CustomerWriter;
  private readonly checkpoints: CheckpointWriter;
  private readonly runs: RecordRuns;
  private readonly state: StateRow;
  private readonly cache: RowCache;
  private readonly addDirectoryEvent: StatementSyncInstance;
  private lastNo: number;
  private complete: boolean;
  private visible: Position;
  /** Everything up to here is in the rows or in the fold. */
  private folded: Position;
  private fold: BatchFold<NumberedFold>;
  private keys = new KeyBatch();
  private eventCount = 0;

  constructor(private readonly parts: ProjectionWriterParts) {
    const { database } = parts;
    const stored = new CustomerTable(database);
    this.customers = new CustomerWriter(database);
    this.checkpoints = new CheckpointWriter(database);
    this.runs = new RecordRuns(database);
    this.state = new StateRow(database);
    this.cache = new RowCache(stored, parts.rowsCachedMax);
    this.addDirectoryEvent = database.prepare(
      'INSERT OR IGNORE INTO directory_event VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.lastNo = stored.count();
    const { position, complete } = this.state.read();
    this.complete = complete;
    this.visible = position;
    this.folded = position;
    this.fold = this.newFold();
  }

  /** Everything up to here is in the rows. */
  get position(): Position {
    return this.visible;
  }

  /** Events folded since the last commit. */
  get foldedCount(): number {
    return this.eventCount;
  }

  /** Folds events in; says so when one cannot be read, and then what came before it is folded. */
  take({ events, position }: LogBatch): ProjectionStop | undefined {
    const isRepeat = (events[0]?.position ?? position) <= this.folded;
    for (const event of events) {
      if (isRepeat && event.position <= this.folded) continue;
      const stop = this.fold.take(event);
      if (stop) return stop;
      this.eventCount += 1;
      this.folded = event.position;
    }
    if (position > this.folded) this.folded = position;
    return undefined;
  }

  /**
   * Makes what is folded visible; `caughtUp` when nothing is known to follow. Throws SQLite's
   * errors.
   */
  commit(caughtUp: boolean): Written {
    const { database, beforeCommit } = this.parts;
    // In the order of the table, so that rows which share a page are written one after the other.
    const rows = this.fold.changed.sort((a, b) => a.no - b.no);
    const complete = this.complete || caughtUp;
    let directoryEvents: RecordedEvent[];
    database.exec('BEGIN IMMEDIATE');
    try {
      this.customers.put(rows);
      for (const row of this.fold.checkpoints) this.checkpoints.add(row);
      directoryEvents = this.fold.directoryEvents.filter((event) => this.addDirectory(event));
      this.runs.add(this.keys);
      this.state.advance(this.visible, this.folded, complete);
      beforeCommit();
      database.exec('COMMIT');
    } catch (error) {
      // SQLite may have rolled back by itself when the disk was full.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
    this.complete = complete;
    this.visible = this.folded;
    const changes = rowChanges(rows, ({ change }) => change.isNew);
    for (const fold of rows) fold.settle();
    this.cache.trim();
    this.fold = this.newFold();
    this.keys = new KeyBatch();
    this.eventCount = 0;
    return { position: this.visible, rowCount: rows.length, changes, directoryEvents };
  }

  private newFold(): BatchFold<NumberedFold> {
    const { keyFilter } = this.parts;
    return new BatchFold({
      find: (stream) => this.cache.find(stream),
      open: (stream, row) => {
        this.lastNo += 1;
        return this.cache.add(stream, new NumberedFold(this.lastNo, row, true));
      },
      onKey: (keyHex, revision) => {
        const prefix = keyPrefix(keyHex);
        // Bits before rows: what the filter does not know is never in a visible row.
        keyFilter.add(prefix);
        this.keys.add(prefix, revision);
      },
    });
  }

  private addDirectory(event: RecordedEvent): boolean {
    const { stream, revision, position, type, data, metadata } = event;
    const { changes } = this.addDirectoryEvent.run(
      stream,
      revision,
      position.toString(),
      type,
      data,
      metadata,
    );
    return changes === 1;
  }
}
