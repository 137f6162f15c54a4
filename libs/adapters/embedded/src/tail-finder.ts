// Finds the position of a recent event by scanning the log backwards from its end: for repeats
// of an append that the stream index does not have yet. Bounded by what may be unindexed.
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { SharedPositions } from './shared-positions';
import type { StreamIndex } from './stream-index';

export class TailFinder {
  private readonly select: StatementSyncInstance;

  constructor(
    database: DatabaseSyncInstance,
    private readonly index: Pick<StreamIndex, 'runAt'>,
    private readonly positions: Pick<SharedPositions, 'indexed'>,
  ) {
    this.select = database.prepare(
      'SELECT position FROM log WHERE position > ? AND stream = ? AND revision = ?',
    );
  }

  /** Position of the event at `revision` of the stream; undefined when there is none. */
  find(stream: string, revision: number): number | undefined {
    const { indexed } = this.positions;
    const run = this.index.runAt(stream, revision);
    const position = run?.positions[revision - run.firstRevision];
    if (position !== undefined) return position;
    const row = this.select.get(indexed, stream, revision);
    return (row as { position: number } | undefined)?.position;
  }
}
