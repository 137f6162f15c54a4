// What every event store must do for those who follow its log; part of describeEventStore().
import {
  NO_STREAM,
  type EventStore,
  type LogBatch,
  type Position,
  type RecordedEvent,
} from '@deltabook/application';
import { anEvent, append, aStream } from './event-store.builders';

/** Collects what `follow` delivers until `enough` says so. */
async function collect(
  store: EventStore,
  options: {
    readonly after: Position;
    readonly prefixes?: readonly string[];
    readonly count?: number;
  },
  enough: (events: readonly RecordedEvent[], batch: LogBatch) => boolean,
): Promise<RecordedEvent[]> {
  const abort = new AbortController();
  const events: RecordedEvent[] = [];
  const { after, prefixes = [], count = 100 } = options;
  const follow = { after, streamPrefixes: prefixes, batchCountMax: count, signal: abort.signal };
  for await (const batch of store.follow(follow)) {
    expect(batch.events.length).toBeLessThanOrEqual(count);
    events.push(...batch.events);
    if (enough(events, batch)) break;
  }
  abort.abort();
  return events;
}
/** The part about `follow`; `current` gives the store that is open now. */
export function describeFollowing(current: () => EventStore): void {
  describe('follow', () => {
    let store: EventStore;
    beforeAll(() => {
      store = current();
    });

    it('delivers what was there, then what comes, in order and without a gap', async () => {
      const stream = aStream();
      const after = await store.head();
      await store.append([append(stream, NO_STREAM, ...[0, 1, 2].map((n) => anEvent(n)))]);
      let appended = false;
      const events = await collect(store, { after, prefixes: [stream] }, (seen, batch) => {
        if (batch.caughtUp && !appended) {
          appended = true;
          void store.append([append(stream, 2, anEvent(3), anEvent(4))]);
        }
        return seen.length >= 5;
      });
      expect(events.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4]);
      expect(events[3]).toMatchObject({ ...anEvent(3), stream });
      const positions = events.map(({ position }) => position);
      expect([...positions].sort((a, b) => (a < b ? -1 : 1))).toEqual(positions);
    });

    it('resumes after a position and says when it has caught up', async () => {
      const stream = aStream();
      const after = await store.head();
      await store.append([append(stream, NO_STREAM, ...[0, 1, 2, 3].map((n) => anEvent(n)))]);
      const resume = new Map<number, Position>();
      await collect(store, { after, prefixes: [stream], count: 1 }, (seen, batch) => {
        resume.set(seen.length, batch.position);
        return seen.length === 4;
      });
      for (const [count, position] of resume) {
        const options = { after: position, prefixes: [stream] };
        const rest = await collect(store, options, (_, batch) => batch.caughtUp);
        const expected = [0, 1, 2, 3].slice(count);
        // At least once: a store may repeat what lies at the position itself.
        expect(rest.map(({ revision }) => revision).slice(-expected.length || 4)).toEqual(expected);
      }
    });

    it('filters by the start of the stream name', async () => {
      const [wanted, other] = [aStream('tenant'), aStream('customer')];
      const after = await store.head();
      await store.append([append(other, NO_STREAM, anEvent(0))]);
      await store.append([append(wanted, NO_STREAM, anEvent(1))]);
      const options = { after, prefixes: ['installation', 'tenant-'] };
      const events = await collect(store, options, (seen) => seen.length >= 1);
      expect(events.map(({ stream }) => stream)).toEqual([wanted]);
    });

    it('ends when it is told to', async () => {
      const abort = new AbortController();
      const after = await store.head();
      const follow = { after, streamPrefixes: [], batchCountMax: 10, signal: abort.signal };
      let batches = 0;
      for await (const batch of store.follow(follow)) {
        batches += 1;
        if (batch.caughtUp) abort.abort();
      }
      expect(batches).toBeGreaterThan(0);
    });
  });
}
