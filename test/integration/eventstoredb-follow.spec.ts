// Following the log of EventStoreDB through dropped connections, slow consumers and other
// installations' events; on the stand-in.
import {
  EventStoreDbEventStore,
  openEventStoreDbFollower,
  type LogFollower,
} from '@deltabook/adapters/eventstoredb';
import {
  LOG_START,
  NO_STREAM,
  type EventStore,
  type LogBatch,
  type Position,
  type RecordedEvent,
} from '@deltabook/application';
import { StandInServer } from '../support/eventstoredb/stand-in-server';
import { appendOf, eventually } from '../support/eventstoredb/writing';

let server: StandInServer;
let store: EventStoreDbEventStore;
const followers: LogFollower[] = [];

beforeEach(async () => {
  server = new StandInServer();
  await server.start();
  store = await EventStoreDbEventStore.open({ connectionString: server.connectionString() });
});
afterEach(async () => {
  for (const follower of followers.splice(0)) await follower.close();
  await store.close();
  await server.stop();
});

function aFollower(
  options: Partial<Parameters<typeof openEventStoreDbFollower>[0]> = {},
): LogFollower {
  const { storeId } = store;
  const connectionString = server.connectionString();
  const follower = openEventStoreDbFollower({ connectionString, storeId, ...options });
  followers.push(follower);
  return follower;
}

/** Follows in the background; `slow` runs between batches. */
function following(
  follower: Pick<EventStore, 'follow'>,
  after: Position,
  slow: (batch: LogBatch) => Promise<void> | void = () => undefined,
): { readonly events: RecordedEvent[]; readonly end: () => Promise<void> } {
  const abort = new AbortController();
  const events: RecordedEvent[] = [];
  const options = { after, streamPrefixes: ['customer-'], batchCountMax: 50 };
  const run = (async (): Promise<void> => {
    for await (const batch of follower.follow({ ...options, signal: abort.signal })) {
      expect(batch.events.length).toBeLessThanOrEqual(50);
      events.push(...batch.events);
      await slow(batch);
    }
  })();
  const end = async (): Promise<void> => {
    abort.abort();
    await run;
  };
  return { events, end };
}

/** Revisions in order, without what at-least-once may repeat; a gap or a step back throws. */
function revisionsOf(events: readonly RecordedEvent[]): readonly number[] {
  const revisions: number[] = [];
  for (const { revision } of events) {
    if (revision > revisions.length) throw new Error(`a gap before revision ${revision}`);
    if (revision === revisions.length) revisions.push(revision);
  }
  return revisions;
}

async function appendMany(count: number, from = 0): Promise<void> {
  for (let revision = from; revision < from + count; revision += 50) {
    const expected = revision === 0 ? NO_STREAM : revision - 1;
    const append = appendOf('customer-a', expected, 50);
    let [outcome] = await store.append([append]);
    while (outcome?.kind === 'unknown') [outcome] = await store.append([append]);
    expect(outcome?.kind).toBe('appended');
  }
}
const all = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

it('goes on after connections are reset, without a gap', async () => {
  const follower = aFollower();
  const run = following(follower, LOG_START);
  for (let round = 0; round < 4; round += 1) {
    await appendMany(100, round * 100);
    await eventually(() => run.events.length > round * 100);
    server.dropConnections();
    await eventually(() => follower.statistics.resubscribed.size > 0);
  }
  await eventually(() => revisionsOf(run.events).length === 400);
  await run.end();
  expect(revisionsOf(run.events)).toEqual(all(400));
});

it('goes on after "consumer too slow", without a gap', async () => {
  const follower = aFollower();
  const run = following(follower, LOG_START);
  for (let round = 0; round < 4; round += 1) {
    await appendMany(50, round * 50);
    await eventually(() => server.subscriptionCount > 0);
    server.dropSubscriptionsTooSlow();
  }
  await eventually(() => revisionsOf(run.events).length === 200);
  await run.end();
  expect(follower.statistics.resubscribed.get('timeout')).toBeGreaterThanOrEqual(1);
});

it('holds no more than its bounds for a slow consumer, who still gets everything', async () => {
  const follower = aFollower({ followBufferCountMax: 60 });
  let goOn = (): void => undefined;
  const stopped = new Promise<void>((resolve) => (goOn = resolve));
  const run = following(follower, LOG_START, () => stopped);
  await eventually(() => server.subscriptionCount === 1);
  await appendMany(2_000);
  goOn();
  await eventually(() => revisionsOf(run.events).length === 2_000);
  await run.end();
  expect(revisionsOf(run.events)).toEqual(all(2_000));
  expect(follower.statistics.resubscribed.get('timeout')).toBeGreaterThanOrEqual(1);
});

it('waits for a server that is away, with growing pauses', async () => {
  const follower = aFollower({ followRetryMaxMs: 100 });
  const run = following(follower, LOG_START);
  await appendMany(50);
  await eventually(() => run.events.length >= 50);
  await server.stop();
  await eventually(() => (follower.statistics.resubscribed.get('unavailable') ?? 0) >= 3);
  expect(follower.statistics.lastFailure).toContain('UNAVAILABLE');
  await server.start();
  await eventually(() => follower.statistics.lastFailure === undefined);
  await run.end();
});

it('knows the head of what it follows, also while it has not come to it', async () => {
  await appendMany(500);
  const head = await store.head();
  const follower = aFollower({ followBufferCountMax: 50 });
  const heads: Promise<Position>[] = [];
  const run = following(follower, LOG_START, () => void heads.push(follower.head()));
  await eventually(() => run.events.length >= 500);
  expect(new Set(await Promise.all(heads))).toEqual(new Set([head]));
  await appendMany(50, 500);
  await eventually(() => run.events.length >= 550);
  expect(await follower.head()).toBe(await store.head());
  await run.end();
});

it('moves on past events that it does not deliver, up to the head', async () => {
  const other = { ...appendOf('tenant-x', NO_STREAM, 3) };
  await store.append([other]);
  const head = await store.head();
  let position = LOG_START;
  let caughtUp = false;
  const run = following(store, LOG_START, (batch) => {
    ({ position, caughtUp } = batch);
  });
  await eventually(() => caughtUp);
  expect(position).toBe(head);
  await store.append([appendOf('tenant-x', 2, 3)]);
  await eventually(() => position > head);
  await run.end();
  expect(position).toBe(await store.head());
  expect(run.events).toEqual([]);
});

describe('two installations on one server', () => {
  let shop: EventStoreDbEventStore;
  beforeEach(async () => {
    const connectionString = server.connectionString();
    shop = await EventStoreDbEventStore.open({ connectionString, streamPrefix: 'shop_' });
  });
  afterEach(() => shop.close());

  it('have ids, streams, heads and followers of their own', async () => {
    expect(shop.storeId).not.toBe(store.storeId);
    const heads = [await store.head(), await shop.head()];
    const runs = [following(store, LOG_START), following(shop, LOG_START)];
    await shop.append([appendOf('customer-a', NO_STREAM, 3, 'shop')]);
    expect(await store.head()).toBe(heads[0]);
    expect(await shop.head()).toBeGreaterThan(heads[1] ?? 0n);
    await store.append([appendOf('customer-a', NO_STREAM, 4, 'none')]);
    await eventually(() => runs[0]?.events.length === 4 && runs[1]?.events.length === 3);
    for (const run of runs) await run.end();
    expect(runs[0]?.events.every(({ data }) => data.includes('none'))).toBe(true);
    expect(runs[1]?.events.every(({ data }) => data.includes('shop'))).toBe(true);
  });

  it('but processes of one installation agree on its id, also when all open it first', async () => {
    const options = { connectionString: server.connectionString(), streamPrefix: 'new_' };
    const opening = [1, 2, 3].map(() => EventStoreDbEventStore.open(options));
    const stores = await Promise.all(opening);
    expect(new Set(stores.map(({ storeId }) => storeId)).size).toBe(1);
    await Promise.all(stores.map((one) => one.close()));
  });
});
