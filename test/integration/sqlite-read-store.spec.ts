// What the SQLite read store promises beyond the port: the same rows by any way, a build beside the
// rows that are served, foreign and damaged files, events it cannot read.
import { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import type { SqliteReadStore, SqliteReadStoreOptions } from '@deltabook/adapters/sqlite';
import { DatabaseSync } from '@photostructure/sqlite';
import { closeSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Emitter, keyHexOf, referenceOf } from '../support/emitting';
import {
  emitAll,
  filesOf,
  openRows,
  rowsOf,
  someDeltas,
  until,
  WAIT_MS,
} from '../support/read-models';
import { aDataDir } from '../support/service-process';

describe('with a log of its own', () => {
  let dataDir: string;
  let events: EmbeddedEventStore;
  let emitter: Emitter;
  let store: SqliteReadStore | undefined;
  beforeEach(async () => {
    dataDir = aDataDir();
    events = await EmbeddedEventStore.open({ dataDir });
    emitter = new Emitter(events);
    store = undefined;
  });
  afterEach(async () => {
    await store?.close();
    await events.close();
  });

  const open = (change: Partial<SqliteReadStoreOptions> = {}): SqliteReadStore => {
    store = openRows(events, dataDir, change);
    return store;
  };
  /** Rows after everything is projected and the store closed. */
  const rowsWhenClosed = async (from: SqliteReadStore): Promise<readonly unknown[]> => {
    expect(await from.waitFor(await events.head(), WAIT_MS)).toBe(true);
    await from.close();
    return rowsOf(dataDir);
  };

  it('the rows are the same by small steps, by one large one, and built beside', async () => {
    const stepwise = open({ batchCountMax: 7, pauseMs: 0, pauseMsMax: 0, rowsCachedMax: 4 });
    await emitAll(emitter, someDeltas(700, 60));
    for (const period of ['2026-01', '2026-02', '2026-01']) {
      for (const customerId of ['cust_0', 'cust_1', 'cust_4']) {
        await emitter.checkpoint({ customerId, period });
      }
    }
    const event = { type: 'TenantCreated', data: '{"v":1}', metadata: '{}' };
    await events.append([{ stream: 'tenant-default', expectedRevision: -1, events: [event] }]);
    const bySteps = await rowsWhenClosed(stepwise);
    expect(bySteps[3]).toHaveLength(700);
    expect(bySteps[4]).toHaveLength(9);
    const again = open();
    await again.rebuild();
    expect(await rowsWhenClosed(again)).toEqual(bySteps);
    truncateSync(join(dataDir, filesOf(dataDir)[0] ?? ''), 0);
    expect(await rowsWhenClosed(open({ batchCountMax: 100_000 }))).toEqual(bySteps);
  });

  it('a build beside takes over while rows are served, and nothing goes back', async () => {
    const rows = open({ pauseMs: 0, pauseMsMax: 0 });
    await rows.waitFor(await emitAll(emitter, someDeltas(2_000, 50)), WAIT_MS);
    const [before] = filesOf(dataDir);
    const heard: bigint[] = [];
    rows.onDirectoryEvents((some) => heard.push(...some.map(({ position }) => position)));
    let swapped = false;
    const rebuilt = rows.rebuild().then(() => {
      swapped = true;
    });
    let balance = 0n;
    let projected = rows.projectedPosition();
    for (let i = 0; i < 30 || !swapped; i += 1) {
      balance += 1n;
      await events.append([
        {
          stream: `tenant-t${i}`,
          expectedRevision: -1,
          events: [{ type: 'T', data: '{}', metadata: '{}' }],
        },
      ]);
      const position = await emitter.emit({ customerId: 'busy', nano: 1n, key: `busy ${i}` });
      expect(await rows.waitFor(position, WAIT_MS)).toBe(true);
      expect(rows.progress().ready).toBe(true);
      expect(rows.projectedPosition()).toBeGreaterThanOrEqual(projected);
      projected = rows.projectedPosition();
      const [row] = await rows.customers([referenceOf({ customerId: 'busy' })]);
      expect(row?.balanceNano).toBe(balance);
      expect(rows.mayHaveKey(keyHexOf(`busy ${i}`))).toBe(true);
      expect(await rows.keyCandidates('', keyHexOf(`key ${i}`))).toHaveLength(1);
      expect((await rows.totals('default', 'sandbox')).deltas).toBe(2_000 + i + 1);
    }
    await rebuilt;
    expect(heard).toEqual([...new Set(heard)].sort((a, b) => (a < b ? -1 : 1)));
    expect(heard).toHaveLength(Number(balance));
    expect(rows.progress()).toMatchObject({ ready: true, rebuilding: false });
    await until(() => filesOf(dataDir).length === 1);
    expect(filesOf(dataDir)).not.toEqual([before]);
  });

  it('rows of older folds are served at once and replaced', async () => {
    const old = await rowsWhenClosed((await emitAll(emitter, someDeltas(300, 20)), open()));
    const [before = ''] = filesOf(dataDir);
    const database = new DatabaseSync(join(dataDir, before));
    database.exec("UPDATE state SET fold_version = 0; UPDATE customer SET tenant = 'old'");
    database.close();
    const rows = open();
    await until(() => rows.progress().ready);
    const reference = referenceOf({ customerId: 'cust_1' });
    expect((await rows.customers([reference]))[0]?.customerId).toBe('cust_1');
    await until(() => !rows.progress().rebuilding);
    expect((await rows.customers([reference]))[0]?.tenant).toBe('default');
    await until(() => filesOf(dataDir).length === 1);
    expect(await rowsWhenClosed(rows)).toEqual(old);
  });

  it.each<[string, (file: string) => void]>([
    ['lost', (file) => truncateSync(file, 0)],
    ['garbage', (file) => writeFileSync(file, 'garbage')],
    [
      'of another store',
      (file) => {
        const database = new DatabaseSync(file);
        database.exec("UPDATE state SET store_id = 'another', position = '1000000'");
        database.close();
      },
    ],
    [
      'of another layout',
      (file) => {
        const database = new DatabaseSync(file);
        database.exec('UPDATE state SET layout = 0; DROP TABLE customer');
        database.close();
      },
    ],
    [
      'damaged inside',
      (file) => {
        const database = new DatabaseSync(file);
        const { page } = database
          .prepare("SELECT rootpage AS page FROM sqlite_schema WHERE name = 'customer'")
          .get() as { page: number };
        database.close();
        const descriptor = openSync(file, 'r+');
        writeSync(descriptor, Buffer.alloc(4096, 0xff), 0, 4096, (page - 1) * 4096);
        closeSync(descriptor);
      },
    ],
  ])('a file that is %s is built anew', async (_name, damage) => {
    const good = await rowsWhenClosed((await emitAll(emitter, someDeltas(300, 20)), open()));
    const file = join(dataDir, filesOf(dataDir)[0] ?? '');
    damage(file);
    const rows = open({ retryMs: 10 });
    await until(() => rows.progress().ready);
    expect((await rows.totals('default', 'sandbox')).deltas).toBe(300);
    await until(() => filesOf(dataDir).length === 1);
    expect(await rowsWhenClosed(rows)).toEqual(good);
  });

  it('an event of a newer build stops it there, and what came before is served', async () => {
    const rows = open();
    const position = await emitter.emit({ customerId: 'a', nano: 5n });
    const stream = `customer-${referenceOf({ customerId: 'a' }).slice(2).toLowerCase()}`;
    const unknown = { type: 'CustomerRenamed', data: '{"v":1}', metadata: '{}' };
    await events.append([{ stream, expectedRevision: 1, events: [unknown] }]);
    await emitter.emit({ customerId: 'b', nano: 1n });
    await until(() => rows.progress().problem !== undefined);
    expect(rows.progress().problem).toEqual({
      code: 'UNREADABLE_EVENT',
      position: position + 1n,
      message:
        `projection stopped at position ${position + 1n}, revision 2 of ${stream}: ` +
        'stored event CustomerRenamed v1 is not known to this build; ' +
        'run the version that wrote it or a newer one',
    });
    expect(rows.projectedPosition()).toBe(position);
    const references = ['a', 'b'].map((customerId) => referenceOf({ customerId }));
    const [a, b] = await rows.customers(references);
    expect([a?.balanceNano, b]).toEqual([5n, undefined]);
    expect(await rows.waitFor(position + 1n, 5)).toBe(false);
  });
});
