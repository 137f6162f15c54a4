// What every event store must do, whichever technology is behind it. An adapter plugs in by calling
// describeEventStore() from a spec of its own; every field of the port has an assertion here.
import { APPEND_BYTES_MAX, LOG_START, NO_STREAM, type EventStore } from '@deltabook/application';
import { anEvent, append, aStream, forwards, positionOf } from './event-store.builders';
import { describeFollowing } from './event-store-follow.conformance';

export interface OpenedStore {
  readonly store: EventStore;
  /** Closes and opens the same data again. */
  reopen(): Promise<EventStore>;
  close(): Promise<void>;
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

      it('gives back texts as they were written, whatever JSON would make of them', async () => {
        const stream = aStream();
        const texts = ['{"v":1,"10":"a","2":"b"}', '{ "v": 1.0, "e": "\\u0041", "v": 2 }\n'];
        const events = texts.map((data) => ({ type: 'Odd', data, metadata: data }));
        await store.append([append(stream, NO_STREAM, ...events)]);
        expect(await store.readStream(stream, forwards)).toMatchObject(events);
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

    describeFollowing(() => store);

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
