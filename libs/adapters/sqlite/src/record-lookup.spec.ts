// Lookups keep pages of runs in memory: what they find is what is stored, and pages are bounded.
import {
  DatabaseSync,
  type DatabaseSyncInstance,
  type StatementSyncInstance,
} from '@photostructure/sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyBatch, revisionsOf } from './key-record';
import { RecordLookup } from './record-lookup';
import { PAGE_RECORDS_MAX, RECORD_TABLES } from './record-pages';
import { RecordRuns } from './record-runs';

const FACTOR = 2_863;
let folder: string;

let database: DatabaseSyncInstance;
let reader: DatabaseSyncInstance;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deltabook-lookup-'));
  const file = join(folder, 'index.db');
  database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; ${RECORD_TABLES}`);
  reader = new DatabaseSync(file, { readOnly: true });
});
afterEach(() => {
  reader.close();
  database.close();
  rmSync(folder, { recursive: true });
});

/** Adds keys `from` … `from + count - 1`, with their numbers plus `more` as revisions, in a run. */
function add(count: number, { from = 0, more = 0, before = '' } = {}): void {
  const keys = new KeyBatch();
  for (let n = from; n < from + count; n += 1) keys.add({ high: n * FACTOR, low: 1 }, n + more);
  database.exec(`BEGIN; ${before}`);
  new RecordRuns(database).add(keys);
  database.exec('COMMIT');
}

/** The reader, which tells of each page that is read by its id. */
function counting(onPage: () => void): DatabaseSyncInstance {
  const prepare = (sql: string): StatementSyncInstance => {
    const statement = reader.prepare(sql);
    if (!sql.endsWith('WHERE id = ?')) return statement;
    const get = (id: number): unknown => {
      onPage();
      return statement.get(id);
    };
    return { get } as unknown as StatementSyncInstance;
  };
  const exec = (sql: string): void => reader.exec(sql);
  return { prepare, exec } as unknown as DatabaseSyncInstance;
}

const revisionsAt = (lookup: RecordLookup, n: number): number[] =>
  lookup
    .pagesWith(n * FACTOR)
    .flatMap((records) => revisionsOf(records, { high: n * FACTOR, low: 1 }))
    .sort((a, b) => a - b);

it('goes by what is stored when a slot is used again for as many records', () => {
  const lookup = new RecordLookup(reader, 100);
  add(1_000);
  expect(revisionsAt(lookup, 7)).toEqual([7]);
  const before = 'DELETE FROM record_page; DELETE FROM record_run;';
  add(1_000, { from: 1_000, before });
  expect(revisionsAt(lookup, 7)).toEqual([]);
  expect(revisionsAt(lookup, 1_007)).toEqual([1_007]);
});

it.each([
  { pagesCachedMax: 100, pagesRead: 5 },
  { pagesCachedMax: 4, pagesRead: 10 },
])('reads pages again beyond $pagesCachedMax in memory', ({ pagesCachedMax, pagesRead }) => {
  add(5 * PAGE_RECORDS_MAX);
  let readCount = 0;
  const lookup = new RecordLookup(
    counting(() => (readCount += 1)),
    pagesCachedMax,
  );
  for (let round = 0; round < 2; round += 1) {
    for (let n = 0; n < 5 * PAGE_RECORDS_MAX; n += 1) expect(revisionsAt(lookup, n)).toEqual([n]);
  }
  // The first page is also read to know the run again.
  expect(readCount).toBe(pagesRead + 1);
});

it('finds all of a run whose pages are too many to be listed, and of one beside it', () => {
  add(1_500_000);
  add(500, { more: 2_000_000 });
  const lookup = new RecordLookup(reader, 100);
  for (const n of [0, 499]) expect(revisionsAt(lookup, n)).toEqual([n, 2_000_000 + n]);
  for (const n of [500, PAGE_RECORDS_MAX * 4_096, 1_499_999]) {
    expect(revisionsAt(lookup, n)).toEqual([n]);
  }
  expect(revisionsAt(lookup, 1_500_001)).toEqual([]);
});
