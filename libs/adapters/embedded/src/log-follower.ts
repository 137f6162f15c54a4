// Follows the log in the thread that calls it, on a connection of its own: what is durable
// is read in batches, then the thread sleeps until the writer has made more durable.
import {
  LOG_START,
  type FollowOptions,
  type LogBatch,
  type Position,
  type RecordedEvent,
} from '@deltabook/application/threads';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { IndexPlaces } from './index-places';
import { openLogForReading } from './log-database';
import { SharedPositions } from './shared-positions';

/** Positions looked at in one statement, however few match the filter. */
const SCAN_POSITIONS_MAX = 20_000;
/** How long one sleep lasts before the signal is looked at again. */
const SLEEP_MS = 250;

/** What another thread of the same process needs to follow the log; can be posted to it. */
export interface LogHandle {
  readonly dataDir: string;
  readonly storeId: string;
  readonly shared: SharedArrayBuffer;
}

type LogColumns = readonly [
  position: number,
  stream: string,
  revision: number,
  type: string,
  data: string,
  metadata: string,
];

function eventOfColumns(columns: LogColumns): RecordedEvent {
  const [position, stream, revision, type, data, metadata] = columns;
  return { stream, revision, position: BigInt(position), type, data, metadata };
}

export class LogFollower {
  private readonly positions: SharedPositions;
  private readonly database: DatabaseSyncInstance;
  private indexPlaces: IndexPlaces | undefined;

  constructor(private readonly handle: LogHandle) {
    this.positions = new SharedPositions(handle.shared);
    this.database = openLogForReading(handle.dataDir);
  }

  get storeId(): string {
    return this.handle.storeId;
  }

  head(): Promise<Position> {
    const { committed } = this.positions;
    return Promise.resolve(committed === 0 ? LOG_START : BigInt(committed));
  }

  async *follow(options: FollowOptions): AsyncGenerator<LogBatch> {
    const { signal, batchCountMax, streamPrefixes } = options;
    const filter = prefixFilter(streamPrefixes);
    const select = this.database.prepare(
      'SELECT position, stream, revision, type, data, metadata FROM log' +
        ` WHERE position > ? AND position <= ?${filter.sql} ORDER BY position LIMIT ?`,
    );
    // Arrays are made in two thirds of the time that objects take.
    select.setReturnArrays(true);
    let seen = Math.max(Number(options.after), 0);
    let saidCaughtUp = false;
    while (!signal.aborted) {
      const { committed } = this.positions;
      if (seen >= committed && saidCaughtUp) {
        await this.positions.committedAfter(committed, SLEEP_MS);
        continue;
      }
      const end = Math.min(committed, seen + SCAN_POSITIONS_MAX);
      const rows = select.all(
        seen,
        end,
        ...filter.parameters,
        batchCountMax,
      ) as unknown as LogColumns[];
      seen = rows.length === batchCountMax ? (rows.at(-1)?.[0] ?? end) : Math.max(seen, end);
      saidCaughtUp = seen >= this.positions.committed;
      const position = seen === 0 ? LOG_START : BigInt(seen);
      yield { events: rows.map(eventOfColumns), position, caughtUp: saidCaughtUp };
    }
  }

  /** Where the stream index says that events are; to be used until this is closed. */
  places(): IndexPlaces {
    return (this.indexPlaces ??= new IndexPlaces(this.handle.dataDir));
  }

  close(): void {
    this.indexPlaces?.close();
    this.database.close();
  }
}

/** Stream names are ASCII, so a prefix is a range that ends before its successor. */
function prefixFilter(prefixes: readonly string[]): { sql: string; parameters: string[] } {
  if (prefixes.length === 0) return { sql: '', parameters: [] };
  const ranges = prefixes.map(() => '(stream >= ? AND stream < ?)').join(' OR ');
  return {
    sql: ` AND (${ranges})`,
    parameters: prefixes.flatMap((prefix) => [prefix, `${prefix}\u{10ffff}`]),
  };
}

/** A follower for another thread of the process that holds the store open. */
export function openLogFollower(handle: LogHandle): LogFollower {
  return new LogFollower(handle);
}
