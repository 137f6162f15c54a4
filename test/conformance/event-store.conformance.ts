// What every event store must do, whichever technology is behind it. An adapter plugs in by calling
// describeEventStore() from a spec of its own; every field of the port has an assertion here.
import {
  APPEND_BYTES_MAX,
  LOG_START,
  NO_STREAM,
  type AppendOutcome,
  type EventStore,
  type LogBatch,
  type NewEvent,
  type Position,
  type RecordedEvent,
  type StreamAppend,
} from '@deltabook/application';

export interface OpenedStore {
  readonly store: EventStore;
  /** Closes and opens the same data again. */
  reopen(): Promise<EventStore>;
  close(): Promise<void>;
}

let streamCount = 0;
/** Names are unique over runs, since a server may be shared. */
const aStream = (category = 'customer'): string => {
  streamCount += 1;
  return `${category}-${process.pid}x${Math.floor(performance.timeOrigin)}x${streamCount}`;
};
const anEvent = (n: number, pad = ''): NewEvent => ({
  type: 'DeltaEmitted',
  data: JSON.stringify({ v: 1, n, text: `"quoted" \\ é 💶 ${pad}` }),
  metadata: JSON.stringify({ correlationId: `c${n}`, door: 'http' }),
});
const append = (
  stream: string,
  expectedRevision: number,
  ...events: readonly NewEvent[]
): StreamAppend => ({ stream, expectedRevision, events });
const forwards = { from: 0, direction: 'forwards', limit: 1_000 } as const;

function positionOf(outcome: AppendOutcome | undefined): Position {
  if (outcome?.kind !== 'appended') throw new Error(`not appended: ${outcome?.kind}`);
  return outcome.position;
}

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

/** The suite; `open` gives a store of its own, or one that is shared and may hold other streams. */
export function describeEventStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`event store conformance: ${name}`, () => {
    let opened: OpenedStore;
    let store: EventStore;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => {
      await opened.close();
    });

    describe('append', () => {
      it('stores a first append at revision 0 and goes on from there', async () => {
        const stream = aStream();
        const [first] = await store.append([append(stream, NO_STREAM, anEvent(0), anEvent(1))]);
        const [second] = await store.append([append(stream, 1, anEvent(2))]);
        expect(first).toMatchObject({ kind: 'appended', revision: 1 });
        expect(second).toMatchObject({ kind: 'appended', revision: 2 });
        expect(positionOf(second)).toBeGreaterThan(positionOf(first));
      });

      it('refuses another expected revision, says the actual one and stores nothing', async () => {
        const stream = aStream();
        await store.append([append(stream, NO_STREAM, anEvent(0), anEvent(1))]);
        for (const expected of [NO_STREAM, 0, 2, 99]) {
          const [outcome] = await store.append([append(stream, expected, anEvent(9))]);
          expect(outcome).toEqual({ kind: 'conflict', actualRevision: 1 });
        }
        expect(await store.readStream(stream, forwards)).toHaveLength(2);
      });

      it('refuses an append to a stream that does not exist yet', async () => {
        const [outcome] = await store.append([append(aStream(), 0, anEvent(0))]);
        expect(outcome).toEqual({ kind: 'conflict', actualRevision: NO_STREAM });
      });

      it('lets exactly one of two racing appends win', async () => {
        const stream = aStream();
        await store.append([append(stream, NO_STREAM, anEvent(0))]);
        for (let revision = 0; revision < 20; revision += 1) {
          const racers = [1, 2, 3].map((n) =>
            store.append([append(stream, revision, anEvent(revision * 10 + n))]),
          );
          const outcomes = (await Promise.all(racers)).flat();
          expect(outcomes.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
          expect(outcomes.filter(({ kind }) => kind === 'conflict')).toEqual([
            { kind: 'conflict', actualRevision: revision + 1 },
            { kind: 'conflict', actualRevision: revision + 1 },
          ]);
        }
        expect(await store.readStream(stream, forwards)).toHaveLength(21);
      });

      it('answers a repeat of the same events as the first time and stores nothing', async () => {
        const stream = aStream();
        const first = append(stream, NO_STREAM, anEvent(0), anEvent(1));
        const [outcome] = await store.append([first]);
        const [repeat] = await store.append([first]);
        expect(repeat).toEqual(outcome);
        await store.append([append(stream, 1, anEvent(2))]);
        const [late] = await store.append([first]);
        expect(late).toEqual(outcome);
        expect(await store.readStream(stream, forwards)).toHaveLength(3);
      });

      it('takes a repeat with other bytes for a conflict', async () => {
        const stream = aStream();
        await store.append([append(stream, NO_STREAM, anEvent(0))]);
        const [outcome] = await store.append([append(stream, NO_STREAM, anEvent(1))]);
        expect(outcome).toEqual({ kind: 'conflict', actualRevision: 0 });
      });

      it('takes many streams in one call, each with an outcome of its own', async () => {
        const [good, bad, other] = [aStream(), aStream(), aStream()];
        const outcomes = await store.append([
          append(good, NO_STREAM, anEvent(0)),
          append(bad, 7, anEvent(0)),
          append(other, NO_STREAM, anEvent(0)),
        ]);
        expect(outcomes.map(({ kind }) => kind)).toEqual(['appended', 'conflict', 'appended']);
        expect(await store.readStream(other, forwards)).toHaveLength(1);
        expect(await store.readStream(bad, forwards)).toEqual([]);
      });

      it('refuses more bytes than an append may have and stores nothing', async () => {
        const stream = aStream();
        const half = 'x'.repeat(APPEND_BYTES_MAX / 2);
        const [outcome] = await store.append([
          append(stream, NO_STREAM, anEvent(0, half), anEvent(1, half)),
        ]);
        expect(outcome).toEqual({ kind: 'too-large' });
        expect(await store.readStream(stream, forwards)).toEqual([]);
      });
    });

    describe('read', () => {
      it('gives back every field, byte for byte', async () => {
        const stream = aStream();
        const [outcome] = await store.append([append(stream, NO_STREAM, anEvent(7))]);
        const position = positionOf(outcome);
        const expected = { ...anEvent(7), stream, revision: 0, position };
        expect(await store.readStream(stream, forwards)).toEqual([expected]);
      });

      it('goes either way from a revision or from the end, a page at a time', async () => {
        const stream = aStream();
        const events = Array.from({ length: 300 }, (_, n) => anEvent(n));
        await store.append([append(stream, NO_STREAM, ...events)]);
        const revisions = async (
          from: number | 'end',
          direction: 'forwards' | 'backwards',
          limit: number,
        ): Promise<number[]> =>
          (await store.readStream(stream, { from, direction, limit })).map((e) => e.revision);
        expect(await revisions(0, 'forwards', 3)).toEqual([0, 1, 2]);
        expect(await revisions(127, 'forwards', 3)).toEqual([127, 128, 129]);
        expect(await revisions(298, 'forwards', 10)).toEqual([298, 299]);
        expect(await revisions(300, 'forwards', 10)).toEqual([]);
        expect(await revisions('end', 'backwards', 2)).toEqual([299, 298]);
        expect(await revisions(129, 'backwards', 3)).toEqual([129, 128, 127]);
        expect(await revisions(1, 'backwards', 10)).toEqual([1, 0]);
        expect(await revisions(0, 'forwards', 1_000)).toHaveLength(300);
      });

      it('of a stream that does not exist is empty', async () => {
        expect(await store.readStream(aStream(), forwards)).toEqual([]);
      });

      it('sees what was just acknowledged', async () => {
        const stream = aStream();
        for (let revision = NO_STREAM; revision < 50; revision += 1) {
          await store.append([append(stream, revision, anEvent(revision))]);
          const range = { from: 'end', direction: 'backwards', limit: 1 } as const;
          const [last] = await store.readStream(stream, range);
          expect(last?.revision).toBe(revision + 1);
        }
      });
    });

    describe('follow', () => {
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
          expect(rest.map(({ revision }) => revision).slice(-expected.length || 4)).toEqual(
            expected,
          );
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

    it('the head is the last durable position', async () => {
      const [outcome] = await store.append([append(aStream(), NO_STREAM, anEvent(0))]);
      expect(await store.head()).toBeGreaterThanOrEqual(positionOf(outcome));
      expect(await store.head()).toBeGreaterThan(LOG_START);
    });

    it('opened again it is the same store with the same events and repeats', async () => {
      const stream = aStream();
      const first = append(stream, NO_STREAM, anEvent(0), anEvent(1));
      const [outcome] = await store.append([first]);
      const { storeId } = store;
      store = await opened.reopen();
      expect(store.storeId).toBe(storeId);
      expect(storeId).toMatch(/^[0-9a-f-]{36}$/);
      expect(await store.readStream(stream, forwards)).toHaveLength(2);
      expect((await store.append([first]))[0]).toEqual(outcome);
      expect((await store.append([append(stream, 1, anEvent(2))]))[0]).toMatchObject({
        kind: 'appended',
        revision: 2,
      });
    });

    it('says how many appends it wants at once', () => {
      const { callsInFlightMax, appendsPerCallMax, bytesPerCallMax } = store.appendConcurrency;
      expect(callsInFlightMax).toBeGreaterThanOrEqual(1);
      expect(appendsPerCallMax).toBeGreaterThanOrEqual(1);
      expect(bytesPerCallMax).toBeGreaterThanOrEqual(APPEND_BYTES_MAX);
    });
  });
}
