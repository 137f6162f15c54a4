// Counts what goes in and out of the event store, for
// /metrics; a decorator, so that no store knows.
import type {
  AppendOutcome,
  EventStore,
  FollowOptions,
  LogBatch,
  Position,
  RecordedEvent,
  StreamAppend,
  StreamRange,
} from '@deltabook/application';

export interface EventStoreCounts {
  appendCalls: number;
  appends: number;
  eventsAppended: number;
  conflicts: number;
  streamReads: number;
  streamEventsRead: number;
}

export class MeteredEventStore implements EventStore {
  readonly counts: EventStoreCounts = {
    appendCalls: 0,
    appends: 0,
    eventsAppended: 0,
    conflicts: 0,
    streamReads: 0,
    streamEventsRead: 0,
  };

  constructor(private readonly store: EventStore) {}

  get storeId(): string {
    return this.store.storeId;
  }

  get appendConcurrency(): EventStore['appendConcurrency'] {
    return this.store.appendConcurrency;
  }

  async append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    const { counts } = this;
    counts.appendCalls += 1;
    counts.appends += appends.length;
    const outcomes = await this.store.append(appends);
    for (const [i, { kind }] of outcomes.entries()) {
      if (kind === 'appended') counts.eventsAppended += appends[i]?.events.length ?? 0;
      else if (kind === 'conflict') counts.conflicts += 1;
    }
    return outcomes;
  }

  async readStream(stream: string, range: StreamRange): Promise<readonly RecordedEvent[]> {
    const events = await this.store.readStream(stream, range);
    this.counts.streamReads += 1;
    this.counts.streamEventsRead += events.length;
    return events;
  }

  follow(options: FollowOptions): AsyncIterable<LogBatch> {
    return this.store.follow(options);
  }

  head(): Promise<Position> {
    return this.store.head();
  }

  close(): Promise<void> {
    return this.store.close();
  }
}
