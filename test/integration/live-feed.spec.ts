// Live deltas out of a real log: each once, in order, to whom they belong, however slow they are.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { SqliteReadStore } from '@deltabook/adapters/sqlite';
import {
  LiveFeed,
  LiveFeedFullError,
  NO_STREAM,
  type LiveEvent,
  type LiveFeedBounds,
  type LiveSubscription,
} from '@deltabook/application';
import {
  DELTAS_VERIFIED,
  sealEventText,
  sealStream,
  type VerifiedTreeHead,
} from '@deltabook/domain';
import { join } from 'node:path';
import { Emitter, referenceOf } from '../support/emitting';
import { aDataDir } from '../support/service-process';

const BOUNDS: LiveFeedBounds = {
  subscribersMax: 5,
  bufferedMax: 100,
  ownersMax: 10,
  batchCountMax: 50,
  projectionWaitMs: 30_000,
};
const SCOPE = { tenant: 'default', environment: 'sandbox' } as const;
const WAIT_MS = 10_000;
const NANO = 1_000_000_000n;

let store: EmbeddedEventStore;
let readStore: SqliteReadStore;
let emitter: Emitter;
let feed: LiveFeed;

beforeEach(async () => {
  const dataDir = aDataDir();
  store = await EmbeddedEventStore.open({ dataDir });
  const projectorEntry = join(process.cwd(), 'dist/apps/service/src/projector.thread.js');
  const { storeId, handle: logSource } = store;
  readStore = SqliteReadStore.open({ dataDir, storeId, projectorEntry, logSource });
  emitter = new Emitter(store);
  feed = new LiveFeed({ store, readStore }, BOUNDS);
});

afterEach(async () => {
  feed.close();
  await readStore.close();
  await store.close();
});

/** Takes until `count` events have come. */
async function take(subscription: LiveSubscription, count: number): Promise<readonly LiveEvent[]> {
  const events: LiveEvent[] = [];
  while (events.length < count && !subscription.isClosed) {
    events.push(...(await subscription.take(WAIT_MS)));
  }
  return events;
}

const amounts = (events: readonly LiveEvent[]): readonly number[] =>
  events.map((event) => (event.kind === 'recorded' ? Number(event.delta.nano / NANO) : 0));
const upTo = (last: number, first = 1): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

async function emitEach(customerId: string, values: readonly number[]): Promise<void> {
  for (const value of values) await emitter.emit({ customerId, nano: BigInt(value) * NANO });
}

it('gives what is recorded from now on, with its customer', async () => {
  await emitEach('early', [1]);
  const subscription = await feed.subscribe(SCOPE);
  await subscription.take(0);
  await emitEach('cust_001', [7]);
  await emitEach('early', [8]);
  const events = await take(subscription, 2);
  expect(events).toMatchObject([
    { customerId: 'cust_001', delta: { sequence: 1, status: 'QUEUED' } },
    { customerId: 'early', delta: { sequence: 2 } },
  ]);
  expect(amounts(events)).toEqual([7, 8]);
});

it('gives everything after a position, and goes on live without a gap', async () => {
  const before = await emitter.emit({ customerId: 'a', nano: NANO });
  await emitEach('a', upTo(120, 2));
  const subscription = await feed.subscribe(SCOPE, before);
  const reading = take(subscription, 399);
  await emitEach('b', upTo(400, 121));
  expect(amounts(await reading)).toEqual(upTo(400, 2));
});

it('loses nothing for a listener that is slower than its buffer', async () => {
  const subscription = await feed.subscribe(SCOPE);
  await subscription.take(0);
  await emitEach('a', upTo(350));
  const other = await feed.subscribe(SCOPE);
  await emitEach('a', upTo(360, 351));
  expect(amounts(await take(subscription, 360))).toEqual(upTo(360));
  other.close();
});

it('keeps tenants, environments and customers apart', async () => {
  const scopes = [
    SCOPE,
    { tenant: 'default', environment: 'production' },
    { tenant: 'other', environment: 'sandbox' },
    { ...SCOPE, customerId: 'a' },
  ] as const;
  const subscriptions = await Promise.all(scopes.map((scope) => feed.subscribe(scope)));
  for (const subscription of subscriptions) await subscription.take(0);
  for (const [nano, scope] of [
    [1n, { customerId: 'a' }],
    [2n, { customerId: 'a', environment: 'production' }],
    [3n, { customerId: 'a', tenant: 'other' }],
    [4n, { customerId: 'b' }],
    [5n, { customerId: 'a' }],
  ] as const) {
    await emitter.emit({ nano: nano * NANO, ...scope });
  }
  const expected = [[1, 4, 5], [2], [3], [1, 5]];
  for (const [i, subscription] of subscriptions.entries()) {
    const events = await take(subscription, expected[i]?.length ?? 0);
    expect([i, amounts(events)]).toEqual([i, expected[i]]);
  }
});

it('tells what was verified', async () => {
  await emitEach('a', [1, 2]);
  await emitEach('b', [3]);
  const subscription = await feed.subscribe(SCOPE);
  await subscription.take(0);
  const heads = ['a', 'b'].map((customerId, i): VerifiedTreeHead => {
    const reference = referenceOf({ customerId });
    return [reference, 2 - i, `0x${'0'.repeat(64)}`];
  });
  const sealed = { v: 1, firstIndex: 0, sealedAt: '2026-01-01T00:00:00.000Z', heads } as const;
  const data = sealEventText({ type: DELTAS_VERIFIED, ...sealed });
  const events = [{ type: DELTAS_VERIFIED, data, metadata: '{}' }];
  await store.append([{ stream: sealStream(SCOPE), expectedRevision: NO_STREAM, events }]);
  expect(await take(subscription, 2)).toMatchObject([
    { kind: 'verified', customerId: 'a', verifiedThrough: 2 },
    { kind: 'verified', customerId: 'b', verifiedThrough: 1 },
  ]);
});

it('takes no more listeners than it may, and others once some have gone', async () => {
  const listening = await Promise.all(upTo(5).map(() => feed.subscribe(SCOPE)));
  await expect(feed.subscribe(SCOPE)).rejects.toThrow(LiveFeedFullError);
  listening[0]?.close();
  await expect(feed.subscribe(SCOPE)).resolves.toBeDefined();
});

it('lets a waiting listener go when it closes', async () => {
  const subscription = await feed.subscribe(SCOPE);
  const waiting = take(subscription, 1);
  feed.close();
  expect(await waiting).toEqual([]);
  await expect(feed.subscribe(SCOPE)).rejects.toThrow(LiveFeedFullError);
});
