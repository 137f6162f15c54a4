// Read stores on SQLite with everything that their files hold, for tests that break and mend them.
import type { EmbeddedEventStore } from '@deltabook/adapters/embedded';
import { SqliteReadStore, type SqliteReadStoreOptions } from '@deltabook/adapters/sqlite';
import { DatabaseSync } from '@photostructure/sqlite';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Emitter, TestDelta } from './emitting';

/** The projector's thread as the service runs it. */
export const projectorEntry = join(process.cwd(), 'dist/apps/service/src/projector.thread.js');
/** Longer than anything is waited for on a busy machine. */
export const WAIT_MS = 30_000;

/** Names of the files of read models in a folder. */
export const filesOf = (dataDir: string): string[] =>
  readdirSync(dataDir).filter((name) => /^read-models-\d+\.db$/.test(name));

export function openRows(
  events: EmbeddedEventStore,
  dataDir: string,
  change: Partial<SqliteReadStoreOptions> = {},
): SqliteReadStore {
  const { storeId, handle: logSource } = events;
  return SqliteReadStore.open({ dataDir, storeId, projectorEntry, logSource, ...change });
}

/**
 * Everything that the only file of read models holds, without how its keys are spread over runs.
 */
export function rowsOf(dataDir: string): readonly unknown[] {
  const [name = '', ...others] = filesOf(dataDir);
  expect(others).toEqual([]);
  const database = new DatabaseSync(join(dataDir, name), { readOnly: true });
  const all = (sql: string): unknown[] => database.prepare(sql).all();
  const pages = all(
    'SELECT records FROM record_page WHERE id >> 32 IN (SELECT slot FROM record_run)',
  );
  const bytes = Buffer.concat((pages as { records: Uint8Array }[]).map(({ records }) => records));
  const keys = Array.from({ length: bytes.length / 12 }, (_, i) =>
    bytes.subarray(i * 12, i * 12 + 12).toString('hex'),
  );
  const rows = [
    all('SELECT * FROM customer_row ORDER BY reference'),
    all('SELECT * FROM directory_event ORDER BY stream, revision'),
    all('SELECT store_id, position FROM state'),
    keys.sort(),
    all('SELECT * FROM checkpoint ORDER BY reference, period, revision'),
    all('SELECT * FROM checkpoint_count ORDER BY tenant, environment, period'),
  ];
  database.close();
  return rows;
}

/** Deltas of some customers, each with a key of its own. */
export function* someDeltas(count: number, customerCount: number): Generator<TestDelta> {
  for (let i = 0; i < count; i += 1) {
    const customerId = `cust_${(i * i) % customerCount}`;
    yield { customerId, nano: BigInt((i % 7) - 3) || 9n, key: `key ${i}` };
  }
}

/** Emits in order, some at a time; position of the last event. */
export async function emitAll(emitter: Emitter, deltas: Iterable<TestDelta>): Promise<bigint> {
  const all = [...deltas];
  let last = 0n;
  for (let i = 0; i < all.length; i += 50) last = await emitter.emit(...all.slice(i, i + 50));
  return last;
}

/** Resolves once the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
