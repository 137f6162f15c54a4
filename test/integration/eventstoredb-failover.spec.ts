// The node that serves is killed under load, twice: nothing acknowledged is lost or doubled,
// writers and followers go on by themselves. On the stand-in, and on real nodes where ESDB_HOME
// has a server.
import { EventStoreDbEventStore } from '@deltabook/adapters/eventstoredb';
import { LOG_START, type RecordedEvent } from '@deltabook/application';
import { makeCertificates } from '../support/eventstoredb/certificates';
import {
  realNodes,
  standInCluster,
  standInClusterThatDies,
  standInNode,
  type KillableStore,
} from '../support/eventstoredb/killable-store';
import { realServerHome } from '../support/eventstoredb/real-server';
import { eventually, settle } from '../support/eventstoredb/writing';

const WRITERS = 16;
const EVENTS_EACH = 150;
const KILLS = 2;
const PAGE = { direction: 'forwards', limit: 1_000 } as const;

const home = realServerHome();
const STORES: [string, () => Promise<KillableStore>][] = [
  ['a stand-in that is started again', standInNode],
  ['the leader of three stand-ins', standInCluster],
  ['all of three stand-ins', standInClusterThatDies],
];
if (home !== undefined) {
  STORES.push(['a real node that is started again', () => realNodes(home, 1)]);
  const made = makeCertificates();
  const security = made === undefined ? 'without TLS' : 'with TLS';
  STORES.push([`the leader of three real nodes, ${security}`, () => realNodes(home, 3, made)]);
}

/** Counts what a follower gets, by stream; a gap fails. */
class Seen {
  readonly revisions = new Map<string, number>();
  count = 0;

  add({ stream, revision }: RecordedEvent): void {
    const next = (this.revisions.get(stream) ?? -1) + 1;
    if (revision > next) throw new Error(`a gap in ${stream} before ${revision}`);
    if (revision < next) return;
    this.revisions.set(stream, revision);
    this.count += 1;
  }
}

let killable: KillableStore;
afterEach(() => killable.stop());

it.each(STORES)(
  'killed twice under load: %s',
  async (_name, start) => {
    killable = await start();
    const { connectionString, caFile = '' } = killable;
    const options = { connectionString, caFile, appendTimeoutMs: 1_000 };
    const store = await EventStoreDbEventStore.open(options);
    const streams = Array.from({ length: WRITERS }, (_, n) => `customer-${n}`);
    const abort = new AbortController();
    const seen = new Seen();
    const follow = { after: LOG_START, streamPrefixes: ['customer-'], batchCountMax: 500 };
    const following = (async (): Promise<void> => {
      for await (const batch of store.follow({ ...follow, signal: abort.signal })) {
        for (const event of batch.events) seen.add(event);
      }
    })();
    const writers = streams.map((stream) => settle(store, stream, EVENTS_EACH));
    const total = WRITERS * EVENTS_EACH;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await eventually(() => seen.count > (total * kill) / (KILLS + 2));
      const before = store.statistics.appendsUnknown;
      const { revive } = await killable.killServing();
      await eventually(() => store.statistics.appendsUnknown > before || seen.count === total);
      await revive();
    }
    expect(await Promise.all(writers)).toEqual(streams.map(() => EVENTS_EACH - 1));
    await eventually(() => seen.count === total);
    for (const stream of streams) {
      const stored = await store.readStream(stream, { ...PAGE, from: 0 });
      expect(stored).toHaveLength(EVENTS_EACH);
      expect(stored.every(({ data, revision }) => data.includes(`"revision":${revision},`))).toBe(
        true,
      );
    }
    expect(store.statistics.appendsUnknown).toBeGreaterThan(0);
    abort.abort();
    await following;
    await store.close();
  },
  180_000,
);
