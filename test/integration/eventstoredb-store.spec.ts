// What the EventStoreDB adapter does when the server, or the way to it, misbehaves; on the
// stand-in, which misbehaves on demand.
import { EventStoreDbEventStore } from '@deltabook/adapters/eventstoredb';
import { NO_STREAM, type AppendOutcome, type StreamAppend } from '@deltabook/application';
import { StandInServer } from '../support/eventstoredb/stand-in-server';
import { appendOf, eventually, settle } from '../support/eventstoredb/writing';

const forwards = { from: 0, direction: 'forwards', limit: 1_000 } as const;
const FAST = { appendTimeoutMs: 1_000, readTimeoutMs: 1_500, readRetryDelayMs: 20 };

let server: StandInServer;
let store: EventStoreDbEventStore;
beforeEach(async () => {
  server = new StandInServer();
  await server.start();
  const connectionString = server.connectionString();
  store = await EventStoreDbEventStore.open({ ...FAST, connectionString });
});
afterEach(async () => {
  await store.close();
  await server.stop();
});

const appendOnce = async (append: StreamAppend): Promise<AppendOutcome | undefined> =>
  (await store.append([append]))[0];

describe('an append of unknown outcome', () => {
  it.each([
    ['whose answer is lost', () => (server.faults.answersLost = 1)],
    ['that is lost itself', () => (server.faults.appendsLost = 1)],
    ['that meets a server which is starting', () => (server.faults.appendsNotReady = 1)],
  ])('%s is stored once by repeating it', async (_name, break_) => {
    await appendOnce(appendOf('customer-a', NO_STREAM, 2));
    break_();
    const append = appendOf('customer-a', 1, 3);
    expect(await appendOnce(append)).toMatchObject({ kind: 'unknown' });
    expect(await appendOnce(append)).toMatchObject({ kind: 'appended', revision: 4 });
    expect(await store.readStream('customer-a', forwards)).toHaveLength(5);
    expect(store.statistics.appendsUnknown).toBe(1);
  });

  it('that the server calls a conflict, though it is stored, is appended', async () => {
    const append = appendOf('customer-a', NO_STREAM, 3);
    const outcome = await appendOnce(append);
    server.faults.repeatsRefused = 1;
    expect(await appendOnce(append)).toEqual(outcome);
    expect(store.statistics.appendsRepeated).toBe(1);
  });

  it('that is stored somewhere gets its position', async () => {
    const append = appendOf('customer-a', NO_STREAM, 3);
    server.faults.positionsLost = 1;
    const outcome = await appendOnce(append);
    const events = await store.readStream('customer-a', forwards);
    expect(outcome).toEqual({ kind: 'appended', revision: 2, position: events[2]?.position });
  });

  it('is a conflict when another append took its place', async () => {
    server.faults.appendsLost = 1;
    const lost = appendOf('customer-a', NO_STREAM, 2);
    expect(await appendOnce(lost)).toMatchObject({ kind: 'unknown' });
    await appendOnce(appendOf('customer-a', NO_STREAM, 5, 'another'));
    expect(await appendOnce(lost)).toEqual({ kind: 'conflict', actualRevision: 4 });
  });
});

describe('connections', () => {
  it('that are reset under many appends lose and double nothing', async () => {
    server.faults.answerDelayMs = 5;
    const streams = Array.from({ length: 40 }, (_, n) => `customer-${n}`);
    let writing = true;
    const writers = streams.map((stream) => settle(store, stream, 12));
    const dropping = (async (): Promise<void> => {
      let dropped = 0;
      while (writing && dropped < 5) {
        const before = server.log.events.length;
        await eventually(() => !writing || server.log.events.length > before + 60);
        server.dropConnections();
        dropped += 1;
      }
    })();
    expect(await Promise.all(writers)).toEqual(streams.map(() => 11));
    writing = false;
    await dropping;
    for (const stream of streams) {
      const revisions = (await store.readStream(stream, forwards)).map((e) => e.revision);
      expect(revisions).toEqual(Array.from({ length: 12 }, (_, revision) => revision));
    }
    expect(store.statistics.appendsUnknown).toBeGreaterThan(0);
  });

  it('that a server does not answer on are left', async () => {
    server.faults.silent = true;
    const append = appendOf('customer-a', NO_STREAM, 1);
    expect(await appendOnce(append)).toMatchObject({ kind: 'unknown' });
    server.faults.silent = false;
    expect(await appendOnce(append)).toMatchObject({ kind: 'appended', revision: 0 });
    expect(server.log.stream('customer-a')).toHaveLength(1);
  });

  it('come back after the server was away, without a restart', async () => {
    await appendOnce(appendOf('customer-a', NO_STREAM, 1));
    await server.stop();
    expect(await appendOnce(appendOf('customer-a', 0, 1))).toMatchObject({ kind: 'unknown' });
    expect(await store.status()).toMatchObject({ reachable: false });
    await expect(store.readStream('customer-a', forwards)).rejects.toThrow();
    await server.start();
    expect(await settle(store, 'customer-a', 2)).toBe(1);
    const node = `127.0.0.1:${server.port}`;
    expect(await store.status()).toEqual({
      node,
      serverVersion: '23.10.6',
      reachable: true,
      reason: undefined,
    });
  });
});

describe('reads', () => {
  it('wait for a node that serves, within their time', async () => {
    await appendOnce(appendOf('customer-a', NO_STREAM, 2));
    server.faults.readsUnavailable = 3;
    expect(await store.readStream('customer-a', forwards)).toHaveLength(2);
  });

  it('find the head though the neighbours’ events take too long to search', async () => {
    await appendOnce(appendOf('customer-a', NO_STREAM, 2));
    const head = await store.head();
    server.faults.searchesEndless = true;
    expect(await store.head()).toBe(head);
  });

  it('fail once their time is up', async () => {
    server.faults.readsUnavailable = 1_000_000;
    await expect(store.head()).rejects.toThrow(/Server Is Not Ready|Deadline exceeded/);
  });
});

describe('closing', () => {
  it('settles what was accepted, then takes nothing', async () => {
    server.faults.answerDelayMs = 50;
    const append = store.append([appendOf('customer-a', NO_STREAM, 1)]);
    await eventually(() => store.statistics.appendsInFlight === 1);
    await store.close();
    expect(await append).toMatchObject([{ kind: 'appended' }]);
    expect(await appendOnce(appendOf('customer-a', 0, 1))).toMatchObject({ kind: 'unknown' });
  });
});
