// Finds and reads streams. It follows the log, keeps the positions of
// what the stream index does not have yet, and writes the index behind
// the log, so that the append transaction has no secondary index.
import type { StreamRange } from '@deltabook/application';
import { NO_STREAM } from '@deltabook/application/threads';
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { StreamEvents } from './read-messages';
import type { SharedPositions } from './shared-positions';
import { lastRevisionOf, type Run, type StreamIndex } from './stream-index';

/** Rows looked at in one statement while catching up. */
const CATCH_UP_ROWS_MAX = 10_000;
/** Streams whose rows are written to the index before reads get their turn. */
const FLUSH_STREAMS_PER_STEP = 100;

type Place = readonly [position: number, stream: string, revision: number];
type EventColumns = readonly [
  position: number,
  revision: number,
  type: string,
  data: string,
  metadata: string,
];

/** A tail on its way into the index: it still answers, and nothing is added to it. */
interface Flush {
  readonly runs: ReadonlyMap<string, Run>;
  readonly left: (readonly [stream: string, run: Run])[];
  /** Of its last event. */
  readonly position: number;
}

export class LogReader {
  private tail = new Map<string, Run>();
  private tailCount = 0;
  private flushing: Flush | undefined;
  private seen: number;
  private readonly places: StatementSyncInstance;
  private readonly events: StatementSyncInstance;

  constructor(
    database: DatabaseSyncInstance,
    private readonly index: StreamIndex,
    private readonly positions: SharedPositions,
    private readonly flushEventsMax: number,
  ) {
    this.seen = index.position;
    positions.indexed = this.seen;
    this.places = database.prepare(
      'SELECT position, stream, revision FROM log WHERE position > ? ORDER BY position LIMIT ?',
    );
    this.places.setReturnArrays(true);
    // One statement for all: each by itself would take the lock of the file, and give it back.
    this.events = database.prepare(
      'SELECT position, revision, type, data, metadata FROM log' +
        ' WHERE position IN (SELECT value FROM json_each(?)) AND stream = ? ORDER BY position',
    );
    this.events.setReturnArrays(true);
  }

  /** Takes in what became durable, at most a step; true while more is left. */
  catchUpStep(): boolean {
    if (this.seen >= this.positions.committed) return false;
    const rows = this.places.all(this.seen, CATCH_UP_ROWS_MAX) as unknown as Place[];
    for (const [position, stream, revision] of rows) {
      const run = this.tail.get(stream);
      if (run) run.positions.push(position);
      else this.tail.set(stream, { firstRevision: revision, positions: [position] });
      this.seen = position;
    }
    this.tailCount += rows.length;
    if (this.tailCount >= this.flushEventsMax) this.beginFlush();
    return this.seen < this.positions.committed;
  }

  /** Position up to which the log has been taken in. */
  get seenPosition(): number {
    return this.seen;
  }

  /** Begins to write the tail to the index, to be gone on with by flushStep(). */
  beginFlush(): void {
    if (this.flushing || this.tailCount === 0) return;
    this.flushing = { runs: this.tail, left: [...this.tail], position: this.seen };
    this.tail = new Map();
    this.tailCount = 0;
  }

  /** Writes some of what is to be flushed; true while more is left. Throws SQLite's errors. */
  flushStep(): boolean {
    const { flushing } = this;
    if (!flushing) return false;
    const { left, position } = flushing;
    const isLast = left.length <= FLUSH_STREAMS_PER_STEP;
    this.index.add(left.slice(0, FLUSH_STREAMS_PER_STEP), isLast ? position : undefined);
    left.splice(0, FLUSH_STREAMS_PER_STEP);
    if (!isLast) return true;
    this.flushing = undefined;
    this.positions.indexed = position;
    return false;
  }

  /** Writes everything to the index. */
  flush(): void {
    while (this.flushStep());
    this.beginFlush();
    while (this.flushStep());
  }

  /** Events of a stream; sees everything that was durable when it was asked. */
  read(stream: string, range: StreamRange): StreamEvents {
    const durable = this.positions.committed;
    while (this.seen < durable) this.catchUpStep();
    const last = this.lastRunOf(stream);
    const { from, to } = boundsOf(range, last ? lastRevisionOf(last) : NO_STREAM);
    const positions = this.positionsOf(stream, { from, to, last });
    const rows = this.events.all(JSON.stringify(positions), stream) as unknown as EventColumns[];
    // A log that was changed by hand may have other events there, or none.
    const lacking = positions.findIndex(
      (position, i) => rows[i]?.[0] !== position || rows[i][1] !== from + i,
    );
    if (lacking >= 0) {
      const place = `revision ${from + lacking} of ${stream} at position ${positions[lacking]}`;
      throw new Error(`the log lacks ${place}`);
    }
    return columnsOf(range.direction === 'forwards' ? rows : rows.reverse());
  }

  private lastRunOf(stream: string): Run | undefined {
    return this.tail.get(stream) ?? this.flushing?.runs.get(stream) ?? this.index.lastRunOf(stream);
  }

  /** Positions of revisions from … to, both included, in order; `last` is the stream's last run. */
  private positionsOf(
    stream: string,
    range: { readonly from: number; readonly to: number; readonly last: Run | undefined },
  ): number[] {
    const { from, to, last } = range;
    const found: number[] = [];
    let revision = from;
    while (revision <= to) {
      // Mostly the newest events are asked for: the index is looked at once.
      const isInLast = last !== undefined && revision >= last.firstRevision;
      const run = isInLast ? last : this.runAt(stream, revision);
      const first = revision - run.firstRevision;
      const count = Math.min(run.positions.length - first, to - revision + 1);
      for (let i = 0; i < count; i += 1) found.push(run.positions[first + i] ?? 0);
      revision += count;
    }
    return found;
  }

  /** The run of positions, of what is not indexed or of the index, that holds a revision. */
  private runAt(stream: string, revision: number): Run {
    const run =
      [this.tail.get(stream), this.flushing?.runs.get(stream)].find(
        (tail) => tail !== undefined && revision >= tail.firstRevision,
      ) ?? this.index.runAt(stream, revision);
    const first = run ? revision - run.firstRevision : -1;
    if (!run || first < 0 || first >= run.positions.length) {
      throw new Error(`the stream index lacks revision ${revision} of ${stream}`);
    }
    return run;
  }
}

/** Pushed one by one: V8 is slow to hand over an array that was made with its length. */
function columnsOf(rows: readonly EventColumns[]): StreamEvents {
  const events: StreamEvents = { revisions: [], positions: [], types: [], data: [], metadata: [] };
  for (const [position, revision, type, data, metadata] of rows) {
    events.positions.push(position);
    events.revisions.push(revision);
    events.types.push(type);
    events.data.push(data);
    events.metadata.push(metadata);
  }
  return events;
}

/** First and last revision of a range in a stream whose last revision is `head`. */
function boundsOf(range: StreamRange, head: number): { from: number; to: number } {
  if (range.direction === 'forwards') {
    const from = range.from === 'end' ? head + 1 : range.from;
    return { from, to: Math.min(from + range.limit - 1, head) };
  }
  const to = range.from === 'end' ? head : Math.min(range.from, head);
  return { from: Math.max(to - range.limit + 1, 0), to };
}
