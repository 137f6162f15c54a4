// Writes what a batch of the log changes: rows, keys, directory events and the position in one
// transaction.
import {
  projectBatch,
  type LogBatch,
  type Position,
  type ProjectedBatch,
  type ProjectionStop,
  type RecordedEvent,
} from '@deltabook/application';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { CustomerTable, type NumberedRow } from './customer-table';
import type { KeyFilter } from './key-filter';
import { keyPrefix } from './key-record';
import { KeyRuns } from './key-runs';
import { StateRow } from './read-model-file';
import { rowChanges, type RowChanges } from './row-changes';
import { RowCache } from './row-cache';

export interface ProjectionWriterParts {
  readonly database: DatabaseSyncInstance;
  readonly keyFilter: KeyFilter;
  readonly rowsCachedMax: number;
  /** Runs before each commit; a test's may end the process. */
  readonly beforeCommit: () => void;
}

export interface Written {
  readonly position: Position;
  readonly changes: RowChanges;
  /** Those that were not there before. */
  readonly directoryEvents: readonly RecordedEvent[];
  readonly stop: ProjectionStop | undefined;
}

export class ProjectionWriter {
  private readonly customers: CustomerTable;
  private readonly keys: KeyRuns;
  private readonly state: StateRow;
  private readonly cache: RowCache;
  private readonly addDirectoryEvent: StatementSyncInstance;
  private lastNo: number;
  private visible: Position;
  private complete: boolean;

  constructor(private readonly parts: ProjectionWriterParts) {
    const { database } = parts;
    this.customers = new CustomerTable(database, 'write');
    this.keys = new KeyRuns(database);
    this.state = new StateRow(database);
    this.cache = new RowCache(this.customers, parts.rowsCachedMax);
    this.addDirectoryEvent = database.prepare(
      'INSERT OR IGNORE INTO directory_event VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.lastNo = this.customers.count();
    const { position, complete } = this.state.read();
    this.visible = position;
    this.complete = complete;
  }

  /** Everything up to here is in the rows. */
  get position(): Position {
    return this.visible;
  }

  /**
   * Projects a batch. Throws what SQLite throws: then nothing of the batch is in the file, and this
   * writer is of no more use.
   */
  write(batch: LogBatch): Written {
    const unseen = batch.events.filter(({ position }) => position > this.visible);
    const projected = projectBatch(unseen, (hex) => this.cache.row(hex));
    const position = projected.stop ? beforeStop(unseen, projected.stop) : batch.position;
    // Bits before rows: what the filter does not know is never in a visible row.
    for (const { keyHex } of projected.keys) this.parts.keyFilter.add(keyPrefix(keyHex));
    const known = this.lastNo;
    const rows = this.numbered(projected);
    const complete = this.complete || (batch.caughtUp && !projected.stop);
    const directoryEvents = this.commit(projected, rows, {
      position: position > this.visible ? position : this.visible,
      complete,
    });
    this.complete = complete;
    for (const numbered of rows) this.cache.put(numbered);
    const changes = rowChanges(rows, ({ no }) => no > known);
    return { position: this.visible, changes, directoryEvents, stop: projected.stop };
  }

  private numbered({ rows }: ProjectedBatch): NumberedRow[] {
    const numbered: NumberedRow[] = [];
    for (const [referenceHex, row] of rows) {
      let no = this.cache.no(referenceHex);
      if (no === undefined) {
        this.lastNo += 1;
        no = this.lastNo;
      }
      numbered.push({ no, row });
    }
    return numbered;
  }

  private commit(
    { keys, directoryEvents }: ProjectedBatch,
    rows: readonly NumberedRow[],
    { position, complete }: { readonly position: Position; readonly complete: boolean },
  ): RecordedEvent[] {
    const { database, beforeCommit } = this.parts;
    database.exec('BEGIN IMMEDIATE');
    try {
      for (const numbered of rows) this.customers.put(numbered);
      const added = directoryEvents.filter((event) => this.addDirectory(event));
      this.keys.add(keys);
      this.state.advance(this.visible, position, complete);
      beforeCommit();
      database.exec('COMMIT');
      this.visible = position;
      return added;
    } catch (error) {
      // SQLite may have rolled back by itself when the disk was full.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
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

/**
 * Position of the last event before the one that stopped the projection; -1 when it was the first.
 */
function beforeStop(events: readonly RecordedEvent[], stop: ProjectionStop): Position {
  let before = -1n;
  for (const { position } of events) if (position < stop.position) before = position;
  return before;
}
