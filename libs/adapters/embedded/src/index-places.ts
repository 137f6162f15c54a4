// The stream index as an audit looks at it, beside whoever writes it.
import type { StreamPlaces } from '@deltabook/application/threads';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { openLogForReading } from './log-database';
import { StreamIndex } from './stream-index';

export class IndexPlaces implements StreamPlaces {
  private readonly index: StreamIndex;
  private readonly log: DatabaseSyncInstance;
  private readonly isThere: StatementSyncInstance;

  constructor(dataDir: string) {
    this.index = StreamIndex.openForReading(dataDir);
    this.log = openLogForReading(dataDir);
    this.isThere = this.log.prepare(
      'SELECT 1 FROM log WHERE position = ? AND stream = ? AND revision = ?',
    );
  }

  get indexed(): number {
    return this.index.position;
  }

  positionsOf(stream: string): readonly number[] {
    return this.index.positionsOf(stream);
  }

  firstMisplaced(stream: string): number | undefined {
    const positions = this.index.positionsOf(stream);
    const at = positions.findIndex(
      (position, revision) => this.isThere.get(position, stream, revision) === undefined,
    );
    return at < 0 ? undefined : at;
  }

  close(): void {
    this.index.close();
    this.log.close();
  }
}
