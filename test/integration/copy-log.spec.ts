// Copying a log between stores: what was cut short goes on, what is stored already is compared, and
// seals never come before what they cover.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { EventStoreDbEventStore } from '@deltabook/adapters/eventstoredb';
import { sha256Hex } from '@deltabook/adapters/node-crypto';
import {
  copyLog,
  digestOf,
  LOG_START,
  type EventStore,
  type LogDigest,
  type RecordedEvent,
} from '@deltabook/application';
import { Emitter } from '../support/emitting';
import { StandInServer } from '../support/eventstoredb/stand-in-server';
import { emitAll, someDeltas } from '../support/read-models';
import { aDataDir } from '../support/service-process';

const DELTAS = 2_500;
const retry = { unknownRetriesMax: 5, unknownRetryDelayMs: 1, pause: () => Promise.resolve() };
const never = new AbortController().signal;

let source: EmbeddedEventStore;
let server: StandInServer;
const opened: EventStore[] = [];

async function onServer(): Promise<EventStoreDbEventStore> {
  const streamPrefix = `copy${opened.length}_`;
  const connectionString = server.connectionString();
  const store = await EventStoreDbEventStore.open({ connectionString, streamPrefix });
  opened.push(store);
  return store;
}

async function embedded(): Promise<EmbeddedEventStore> {
  const store = await EmbeddedEventStore.open({ dataDir: aDataDir() });
  opened.push(store);
  return store;
}

const digest = (log: EventStore): Promise<LogDigest> =>
  digestOf({ log, sha256Hex, signal: never, onRead: () => undefined });

const copy = (
  from: EventStore,
  to: Pick<EventStore, 'append' | 'readStream'>,
  change: Partial<Parameters<typeof copyLog>[0]> = {},
): Promise<void> =>
  copyLog({
    from,
    to,
    after: LOG_START,
    retry,
    signal: never,
    onCopied: () => undefined,
    ...change,
  });

beforeAll(async () => {
  server = new StandInServer();
  await server.start();
  source = await EmbeddedEventStore.open({ dataDir: aDataDir() });
  const emitter = new Emitter(source);
  await emitAll(emitter, someDeltas(DELTAS / 2, 40));
  const seal = { type: 'DeltasVerified', data: '{"v":1}', metadata: '{}' };
  await source.append([
    { stream: 'seals-default-sandbox', expectedRevision: -1, events: [seal, seal] },
  ]);
  await emitAll(emitter, someDeltas(DELTAS / 2, 60));
});
afterAll(async () => {
  for (const store of [source, ...opened]) await store.close();
  await server.stop();
});

it('there and back the log is the same, in stores of their own', async () => {
  const [there, back] = [await onServer(), await embedded()];
  await copy(source, there);
  await copy(there, back);
  const { eventCount, sum } = await digest(source);
  expect(eventCount).toBeGreaterThan(DELTAS);
  expect(await digest(there)).toEqual({ eventCount, sum });
  expect(await digest(back)).toEqual({ eventCount, sum });
  expect(new Set([source, there, back].map(({ storeId }) => storeId)).size).toBe(3);
});

it('goes on where it was cut short, also when that was forgotten', async () => {
  const to = await onServer();
  const stop = new AbortController();
  let copied = LOG_START;
  const onCopied = (position: bigint): void => {
    copied = position;
    stop.abort();
  };
  await expect(copy(source, to, { signal: stop.signal, onCopied })).rejects.toThrow();
  expect((await digest(to)).eventCount).toBeLessThan((await digest(source)).eventCount);
  // As if the batch after it had been stored in part when the process died.
  await copy(source, to, { after: LOG_START });
  await copy(source, to, { after: copied });
  expect(await digest(to)).toEqual(await digest(source));
});

it('an event that the target has otherwise stops it', async () => {
  const to = await embedded();
  const other = { type: 'Other', data: '{}', metadata: '{}' };
  const [first] = await firstEvents(source);
  await to.append([{ stream: first?.stream ?? '', expectedRevision: -1, events: [other] }]);
  await expect(copy(source, to)).rejects.toThrow(/^revision 0 of .* is another event/);
});

it('a target that lacks what went before stops it; a digest sees one altered letter', async () => {
  const [to, altered] = [await embedded(), await embedded()];
  await expect(copy(source, to, { after: 100n })).rejects.toThrow(/lacks revision \d+ of/);
  const events = (await firstEvents(source)).slice(0, 1);
  const append = (data: (text: string) => string) => (event: RecordedEvent) => ({
    stream: event.stream,
    expectedRevision: -1,
    events: [{ ...event, data: data(event.data) }],
  });
  const same = await embedded();
  await same.append(events.map(append((text) => text)));
  await altered.append(events.map(append((text) => text.replace('"v":1', '"v":2'))));
  expect((await digest(altered)).eventCount).toBe((await digest(same)).eventCount);
  expect((await digest(altered)).sum).not.toBe((await digest(same)).sum);
});

it('a seal is appended after everything that was there before it', async () => {
  const appended: string[] = [];
  const to = await embedded();
  const watched: Pick<EventStore, 'append' | 'readStream'> = {
    readStream: (stream, range) => to.readStream(stream, range),
    append: (appends) => {
      for (const { stream, events } of appends) appended.push(...events.map(() => stream));
      return to.append(appends);
    },
  };
  await copy(source, watched);
  const seal = appended.findIndex((stream) => stream.startsWith('seals-'));
  const before = (await firstEvents(source, DELTAS)).findIndex(({ stream }) =>
    stream.startsWith('seals-'),
  );
  expect(seal).toBeGreaterThanOrEqual(before);
  expect(before).toBeGreaterThan(0);
});

async function firstEvents(store: EventStore, count = 10): Promise<readonly RecordedEvent[]> {
  const { signal } = new AbortController();
  const options = { after: LOG_START, streamPrefixes: [], batchCountMax: count, signal };
  const batches = store.follow(options)[Symbol.asyncIterator]();
  const first = await batches.next();
  await batches.return?.();
  return first.done === true ? [] : first.value.events;
}
