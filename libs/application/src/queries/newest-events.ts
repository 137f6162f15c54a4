// The end of a stream, asked for while it is still being found out how much of it may be shown: a
// page of the newest activity waits for its row and its events at once, not one after the other.
import {
  STREAM_PAGE_MAX,
  type EventStore,
  type RecordedEvent,
  type StreamRange,
} from '../ports/event-store.port';

type StreamReader = Pick<EventStore, 'readStream'>;

/** Events read beyond the wanted ones: those of the newest that a row may not count yet. */
const NEWER_COUNT = 2;

/** Reads of one stream; what the events read ahead hold needs no further read. */
export class NewestEvents implements StreamReader {
  private readonly ahead: Promise<readonly RecordedEvent[]>;

  /** Begins to read the last `count` events of the stream, and a few more. */
  constructor(
    private readonly store: StreamReader,
    private readonly stream: string,
    count: number,
  ) {
    const limit = Math.min(count + NEWER_COUNT, STREAM_PAGE_MAX);
    // Where this read fails the next one does, and says so to somebody who waits for it.
    this.ahead = store
      .readStream(stream, { from: 'end', direction: 'backwards', limit })
      .catch(() => []);
  }

  async readStream(stream: string, range: StreamRange): Promise<readonly RecordedEvent[]> {
    const held = stream === this.stream ? heldPage(await this.ahead, range) : undefined;
    return held ?? this.store.readStream(stream, range);
  }
}

/** The page of a range out of a stream's last events, newest first; undefined if they lack it. */
function heldPage(
  events: readonly RecordedEvent[],
  { from, direction, limit }: StreamRange,
): readonly RecordedEvent[] | undefined {
  const newest = events[0];
  const oldest = events.at(-1);
  if (!newest || !oldest || direction === 'forwards' || from === 'end') return undefined;
  const to = Math.max(from - limit + 1, 0);
  if (from > newest.revision || to < oldest.revision) return undefined;
  const start = newest.revision - from;
  return events.slice(start, start + from - to + 1);
}
