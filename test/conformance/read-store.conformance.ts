// What every read store must do, whichever technology is behind it. An adapter plugs in by calling
// describeReadStore() from a spec of its own, with a real event store before it.
import {
  LOG_START,
  NO_STREAM,
  type CustomerPageRequest,
  type EventStore,
  type Position,
  type ReadStore,
  type RecordedEvent,
} from '@deltabook/application';
import { Emitter, keyHexOf, referenceOf, type TestDelta } from '../support/emitting';
import { describeCheckpoints } from './read-store-checkpoints.conformance';

export interface OpenedReadStore {
  readonly events: EventStore;
  readonly readStore: ReadStore;
  /** Closes the read store and opens the same rows again. */
  reopen(): Promise<ReadStore>;
  close(): Promise<void>;
}

const WAIT_MS = 30_000;
const UNIT = 1_000_000_000n;
/** The suite; `open` gives an empty event store and a read store that follows it. */
export function describeReadStore(name: string, open: () => Promise<OpenedReadStore>): void {
  describe(`read store conformance: ${name}`, () => {
    let opened: OpenedReadStore;
    let store: ReadStore;
    let emitter: Emitter;
    let tenant = 'default';
    let testCount = 0;
    beforeAll(async () => {
      opened = await open();
      store = opened.readStore;
      emitter = new Emitter(opened.events);
    });
    beforeEach(() => {
      testCount += 1;
      tenant = `tenant${testCount}`;
    });
    afterAll(async () => {
      await opened.close();
    });

    const emit = (...deltas: readonly TestDelta[]): Promise<Position> =>
      emitter.emit(...deltas.map((delta) => ({ tenant, ...delta })));
    const reference = (customerId: string): string => referenceOf({ customerId, tenant });
    const pageOf = (change: Partial<CustomerPageRequest>): CustomerPageRequest => ({
      tenant,
      environment: 'sandbox',
      search: '',
      sortBy: 'firstAppearance',
      sortOrder: 'asc',
      page: 1,
      limit: 20,
      ...change,
    });
    const projected = async (position: Position): Promise<void> => {
      expect(await store.waitFor(position, WAIT_MS)).toBe(true);
      expect(store.projectedPosition()).toBeGreaterThanOrEqual(position);
    };
    const idsOf = async (change: Partial<CustomerPageRequest>): Promise<string[]> =>
      (await store.customerPage(pageOf(change))).customers.map(({ customerId }) => customerId);

    it('is ready once it has caught up with a log, be it empty', async () => {
      expect(await store.waitFor(LOG_START, 0)).toBe(true);
      const position = await emit({ customerId: 'a', nano: 1n });
      await projected(position);
      expect(store.progress()).toMatchObject({ ready: true, rebuilding: false, position });
      expect(store.progress().head).toBeGreaterThanOrEqual(position);
    });

    it('serves each customer its row, by reference and in the order asked for', async () => {
      const first = { customerId: 'a', nano: 5n * UNIT, occurredAt: '2020-02-03T00:00:00.000Z' };
      await emit(first, { customerId: 'b', nano: -1n });
      await projected(await emit({ customerId: 'a', nano: 10n ** 18n }));
      const rows = await store.customers(['b', 'nobody', 'a'].map(reference));
      expect(rows.map((row) => row?.customerId)).toEqual(['b', undefined, 'a']);
      expect(rows[2]).toMatchObject({
        reference: reference('a'),
        tenant,
        environment: 'sandbox',
        revision: 2,
        totalDeltas: 2,
        balanceNano: 5n * UNIT + 10n ** 18n,
        firstActivity: Date.parse('2020-02-03T00:00:00.000Z'),
        latestCheckpoint: null,
        fenced: false,
        fencedFromSequence: null,
        verifiedDeltas: 0,
      });
      expect(rows[2]?.lastActivity).toBe(rows[2]?.lastRecordedAt);
      expect(rows[2]?.lastReceiptId).toMatch(/^0x[0-9a-f]{64}$/);
    });

    it('keeps balances of 38 digits exact, sums and orders them exactly', async () => {
      const huge = 10n ** 18n;
      for (let i = 0; i < 30; i += 1) await emit({ customerId: 'huge', nano: huge });
      await emit({ customerId: 'more', nano: huge }, { customerId: 'less', nano: -huge });
      const one = { customerId: 'more', nano: 1n };
      await projected(await emit(one, { customerId: 'same', nano: huge }));
      const total = 30n * huge + huge + 1n - huge + huge;
      expect((await store.totals(tenant, 'sandbox')).balanceNano).toBe(total);
      expect(await idsOf({ sortBy: 'balance' })).toEqual(['less', 'same', 'more', 'huge']);
    });

    it('says of a new key that it was not used, and of a used one where', async () => {
      const keys = Array.from({ length: 200 }, (_, i) => `key-${i}`);
      const [early, late] = [keys.slice(0, 100), keys.slice(100)];
      await emit(...early.map((key) => ({ customerId: 'a', nano: 1n, key })));
      await projected(await emit(...late.map((key) => ({ customerId: 'a', nano: 1n, key }))));
      for (const [i, key] of keys.entries()) {
        expect(store.mayHaveKey(keyHexOf(key))).toBe(true);
        const candidates = await store.keyCandidates(reference('a'), keyHexOf(key));
        expect(candidates).toContainEqual({ revision: i + 1 });
        expect(candidates.length).toBeLessThan(3);
      }
      const unused = keys.map((key) => keyHexOf(`un${tenant}${key}`));
      expect(unused.filter((key) => store.mayHaveKey(key)).length).toBeLessThan(20);
      expect(await store.keyCandidates(reference('a'), keyHexOf(`unused${tenant}`))).toEqual([]);
    });

    it('lists in every order, either way, by pages', async () => {
      const at = (day: number): string => `2026-02-0${day}T00:00:00.000Z`;
      const nano = UNIT;
      await emit({ customerId: 'b', nano: -nano, occurredAt: at(3) });
      await emit({ customerId: 'C', nano: 3n * nano, occurredAt: at(1) });
      const twice = { customerId: 'a', nano, occurredAt: at(2) };
      await projected(await emit(twice, twice));
      const orders = [
        ['firstAppearance', ['b', 'C', 'a']],
        ['customerId', ['C', 'a', 'b']],
        ['balance', ['b', 'a', 'C']],
        ['totalDeltas', ['b', 'C', 'a']],
        ['lastActivity', ['C', 'a', 'b']],
      ] as const;
      for (const [sortBy, ids] of orders) {
        expect(await idsOf({ sortBy })).toEqual(ids);
        expect(await idsOf({ sortBy, sortOrder: 'desc' })).toEqual([...ids].reverse());
        expect(await idsOf({ sortBy, page: 2, limit: 2 })).toEqual(ids.slice(2));
      }
      await projected(await emit({ customerId: 'b', nano: 9n * nano, occurredAt: at(1) }));
      expect(await idsOf({ sortBy: 'balance' })).toEqual(['a', 'C', 'b']);
      expect(await idsOf({ sortBy: 'totalDeltas' })).toEqual(['C', 'b', 'a']);
      expect((await store.customerPage(pageOf({ page: 9 }))).total).toBe(3);
      expect(await idsOf({ page: 9 })).toEqual([]);
    });

    it('finds a literal substring, whatever signs are in it', async () => {
      const ids = ['x.a_b', 'x.acb', 'X.a_b', 'x-a:b', 'a.x.a_b'];
      for (const customerId of ids) await emit({ customerId, nano: 1n });
      await projected(await emit({ customerId: 'z', nano: 1n }));
      expect(await idsOf({ search: 'x.a_b' })).toEqual(['x.a_b', 'a.x.a_b']);
      expect(await idsOf({ search: '_' })).toEqual(['x.a_b', 'X.a_b', 'a.x.a_b']);
      expect(await idsOf({ search: '%' })).toEqual([]);
      expect(await idsOf({ search: '.', sortBy: 'customerId' })).toEqual(
        ['x.a_b', 'x.acb', 'X.a_b', 'a.x.a_b'].sort(),
      );
      const page = await store.customerPage(pageOf({ search: 'a', page: 2, limit: 2 }));
      expect(page.total).toBe(5);
      expect(page.customers.map(({ customerId }) => customerId)).toEqual(ids.slice(2, 4));
      await projected(await emit({ customerId: 'later_', nano: 1n }));
      expect(await idsOf({ search: '_' })).toEqual([...['x.a_b', 'X.a_b', 'a.x.a_b'], 'later_']);
    });

    it('keeps tenants and environments apart', async () => {
      await emit({ customerId: 'a', nano: 1n });
      const production = { customerId: 'a', nano: 2n, environment: 'production' } as const;
      await projected(await emit(production, { customerId: 'o', nano: 4n, tenant: 'other' }));
      const totals = { customers: 1, deltas: 1, fenced: 0 };
      expect(await store.totals(tenant, 'sandbox')).toMatchObject({
        ...totals,
        balanceNano: 1n,
      });
      expect(await store.totals('other', 'sandbox')).toMatchObject({ ...totals, balanceNano: 4n });
      expect(await store.totals(tenant, 'production')).toMatchObject({ balanceNano: 2n });
      expect(await store.totals('nobody', 'sandbox')).toEqual({
        customers: 0,
        deltas: 0,
        verifiedDeltas: 0,
        balanceNano: 0n,
        fenced: 0,
        firstActivity: null,
        lastActivity: null,
      });
      expect(await idsOf({ environment: 'production' })).toEqual(['a']);
      expect(await idsOf({ tenant: 'other' })).toEqual(['o']);
      expect(await idsOf({ tenant: 'nobody' })).toEqual([]);
    });

    it('hands directory events on before their position is reached, and keeps them', async () => {
      const heard: RecordedEvent[] = [];
      store.onDirectoryEvents((events) => heard.push(...events));
      const event = {
        type: 'TenantCreated',
        data: '{"v":1,"name":"é"}',
        metadata: '{"door":"test"}',
      };
      // Events of a batch are neither: their position is reached all the same.
      for (const stream of ['tenant-default', 'installation', 'batch-1']) {
        const append = { stream, expectedRevision: NO_STREAM, events: [event] };
        const [outcome] = await opened.events.append([append]);
        if (outcome?.kind !== 'appended') throw new Error('not appended');
        await projected(outcome.position);
        if (stream !== 'batch-1') expect(heard.at(-1)).toMatchObject({ ...event, stream });
      }
      const streams = heard.map(({ stream, revision }) => [stream, revision]);
      expect(streams).toEqual([
        ['tenant-default', 0],
        ['installation', 0],
      ]);
      expect(await store.directoryEvents()).toEqual(heard);
      store = await opened.reopen();
      expect(await store.directoryEvents()).toEqual(heard);
    });

    describeCheckpoints(() => ({ store, emitter, tenant, projected }));

    it('tells in time that a position is not reached', async () => {
      const position = await emit({ customerId: 'a', nano: 1n });
      expect(await store.waitFor(position + 1_000n, 5)).toBe(false);
    });

    it('shows what is waited for: every write is read by its writer', async () => {
      for (let i = 1; i <= 40; i += 1) {
        await projected(await emit({ customerId: 'a', nano: 1n, key: `k${i}` }));
        const [row] = await store.customers([reference('a')]);
        expect(row?.balanceNano).toBe(BigInt(i));
        expect((await store.totals(tenant, 'sandbox')).deltas).toBe(i);
        expect(store.mayHaveKey(keyHexOf(`k${i}`))).toBe(true);
      }
    });

    it('opened again it goes on where it was', async () => {
      await projected(await emit({ customerId: 'a', nano: 1n, key: 'before' }));
      const row = async () => (await store.customers([reference('a')]))[0];
      const before = await row();
      store = await opened.reopen();
      expect(await row()).toEqual(before);
      await projected(await emit({ customerId: 'a', nano: 2n, key: 'after' }));
      expect(await row()).toMatchObject({ balanceNano: 3n, totalDeltas: 2, revision: 2 });
      for (const key of ['before', 'after']) expect(store.mayHaveKey(keyHexOf(key))).toBe(true);
      expect(await store.keyCandidates(reference('a'), keyHexOf('before'))).toEqual([
        { revision: 1 },
      ]);
      expect(await idsOf({})).toEqual(['a']);
    });
  });
}
