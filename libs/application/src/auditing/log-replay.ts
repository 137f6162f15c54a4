// Follows the log up to given positions and no further: what an audit compares with rows has to be
// of the very position that the rows are of.
import {
  LOG_START,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '../ports/event-store.port';

/** Events read at once, and taken before others get their turn. */
const BATCH_COUNT_MAX = 1_000;

export interface LogReplayParts {
  readonly log: Pick<EventStore, 'follow'>;
  readonly streamPrefixes: readonly string[];
  readonly signal: AbortSignal;
  readonly take: (event: RecordedEvent) => void;
  /** Lets others have their turn; how long it waits is the pace of the audit. */
  readonly pace: () => Promise<void>;
  readonly onPosition: (position: Position) => void;
}

export class LogReplay {
  /** `seen`: everything up to here is passed over. */
  constructor(
    private readonly parts: LogReplayParts,
    private seen: Position = LOG_START,
  ) {}

  get position(): Position {
    return this.seen;
  }

  /** Takes everything up to `end`, which is in the log. Throws when the signal aborts. */
  async advance(end: Position): Promise<void> {
    const { log, streamPrefixes, signal, pace, onPosition } = this.parts;
    if (end <= this.seen) return;
    const reading = new AbortController();
    const batches = log.follow({
      after: this.seen,
      streamPrefixes,
      batchCountMax: BATCH_COUNT_MAX,
      signal: AbortSignal.any([signal, reading.signal]),
    });
    for await (const { events, position, caughtUp } of batches) {
      this.takeUpTo(end, events);
      onPosition(position < end ? position : end);
      await pace();
      if (position >= end || caughtUp) reading.abort();
    }
    signal.throwIfAborted();
    this.seen = end;
  }

  private takeUpTo(end: Position, events: readonly RecordedEvent[]): void {
    for (const event of events) if (event.position <= end) this.parts.take(event);
  }
}
