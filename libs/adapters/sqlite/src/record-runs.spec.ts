// The indexes of keys and receipts: what was added is found, through merges, restarts and records
// that share their beginning.
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyFilter } from './key-filter';
import { KeyLookup } from './key-lookup';
import { KeyBatch, keyPrefix, revisionsOf } from './key-record';
import { ReceiptBatch, receiptPlacesOf, receiptPrefix } from './receipt-record';
import { RecordLookup } from './record-lookup';
import { eachPage, RECORD_TABLES } from './record-pages';
import { RecordRuns } from './record-runs';
import { RECORD_WORDS, type RecordBatch } from './sorted-records';

const keyHex = (n: number): string => createHash('sha256').update(`key ${n}`).digest('hex');

const folder = mkdtempSync(join(tmpdir(), 'deltabook-runs-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** A new file with the tables of an index. */
function aFile(): string {
  files += 1;
  const file = join(folder, `${files}.db`);
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; ${RECORD_TABLES}`);
  database.close();
  return file;
}

const aDatabase = (file = aFile()): DatabaseSyncInstance => new DatabaseSync(file);

/** Looks up on a connection of its own, with few pages in memory. */
const aLookup = (file: string, pagesCachedMax = 50): KeyLookup =>
  new KeyLookup(new DatabaseSync(file, { readOnly: true }), pagesCachedMax);

function batchOf(numbers: readonly number[], revisionOf = (n: number): number => n): KeyBatch {
  const batch = new KeyBatch();
  for (const n of numbers) batch.add(keyPrefix(keyHex(n)), revisionOf(n));
  return batch;
}

function add(database: DatabaseSyncInstance, runs: RecordRuns, batch: RecordBatch): void {
  database.exec('BEGIN');
  runs.add(batch);
  database.exec('COMMIT');
}

const upTo = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, i) => from + i);

describe('a batch of keys', () => {
  it('is put in order, those that share 32 bits too', () => {
    const batch = new KeyBatch();
    const prefixes = upTo(5_000).map((n) => ({ high: (n * 7919) % 97, low: (n * 31) % 13 }));
    for (const [i, prefix] of prefixes.entries()) batch.add(prefix, i);
    const records = batch.sorted();
    for (let i = RECORD_WORDS; i < records.length; i += RECORD_WORDS) {
      const pair = [records.subarray(i - RECORD_WORDS, i), records.subarray(i, i + RECORD_WORDS)];
      const texts = pair.map((words) => [...words].map((w) => String(w).padStart(10)).join());
      expect((texts[0] ?? '') < (texts[1] ?? '')).toBe(true);
    }
    for (const [i, prefix] of prefixes.entries()) expect(revisionsOf(records, prefix)).toContain(i);
  });

  it('keeps revisions of 40 bits', () => {
    const batch = new KeyBatch();
    const prefix = { high: 0xffff_ffff, low: 0xff_ffff };
    batch.add(prefix, 2 ** 40 - 1);
    expect(revisionsOf(batch.sorted(), prefix)).toEqual([2 ** 40 - 1]);
  });
});

describe('the runs', () => {
  it('have every key, and few runs, however many batches there were', () => {
    const file = aFile();
    const database = aDatabase(file);
    const runs = new RecordRuns(database);
    const lookup = aLookup(file);
    let count = 0;
    for (let round = 0; round < 300; round += 1) {
      const size = 1 + ((round * 37) % 200);
      add(database, runs, batchOf(upTo(size, count)));
      count += size;
      expect(lookup.find(keyHex(count - 1))).toEqual([count - 1]);
    }
    for (let n = 0; n < count; n += 17) expect(lookup.find(keyHex(n))).toEqual([n]);
    expect(lookup.find(keyHex(count))).toEqual([]);
    expect(runs.runCount).toBeLessThan(40);
  });

  it('merge step by step and lose nothing when that is cut short', () => {
    const file = aFile();
    const database = aDatabase(file);
    let runs = new RecordRuns(database);
    const batch = 20_000;
    for (let i = 0; i < 8; i += 1) add(database, runs, batchOf(upTo(batch, i * batch)));
    // A merge of all eight takes more than one step: another writer finds it half done.
    expect(runs.runCount).toBe(8);
    runs = new RecordRuns(database);
    const lookup = aLookup(file);
    const check = (): void => {
      for (let n = 0; n < 8 * batch; n += 4_999) expect(lookup.find(keyHex(n))).toEqual([n]);
    };
    check();
    for (let i = 0; i < 6; i += 1) {
      add(database, runs, new KeyBatch());
      check();
    }
    expect(runs.runCount).toBe(1);
    let records = 0;
    eachPage(database, (page) => {
      records += page.length / RECORD_WORDS;
    });
    expect(records).toBe(8 * batch);
  });

  it('find all of many keys that share their first 32 bits', () => {
    const file = aFile();
    const database = aDatabase(file);
    const runs = new RecordRuns(database);
    for (let i = 0; i < 10; i += 1) {
      const keys = new KeyBatch();
      for (let n = 0; n < 500; n += 1) keys.add({ high: 7, low: n }, i * 500 + n);
      add(database, runs, keys);
    }
    const found = aLookup(file).find(`00000007${(123).toString(16).padStart(6, '0')}`);
    expect(found.sort((a, b) => a - b)).toEqual(upTo(10).map((i) => i * 500 + 123));
  });
});

describe('the filter', () => {
  const mistakes = (filter: KeyFilter, from: number, count: number): number =>
    upTo(count, from).filter((n) => filter.mayHave(keyPrefix(keyHex(n)))).length;

  it('knows every key it was given, and hardly any other', () => {
    const filter = new KeyFilter(new SharedArrayBuffer(65_536));
    for (const n of upTo(20_000)) filter.add(keyPrefix(keyHex(n)));
    expect(mistakes(filter, 0, 20_000)).toBe(20_000);
    // 26 bits a key: less than 2 in 1,000.
    expect(mistakes(filter, 20_000, 20_000)).toBeLessThan(40);
  });

  it('is the same when it is filled from stored pages', () => {
    const database = aDatabase();
    add(database, new RecordRuns(database), batchOf(upTo(3_000)));
    const buffers = [new SharedArrayBuffer(65_536), new SharedArrayBuffer(65_536)] as const;
    const [given, loaded] = [new KeyFilter(buffers[0]), new KeyFilter(buffers[1])];
    for (const n of upTo(3_000)) given.add(keyPrefix(keyHex(n)));
    eachPage(database, (records) => loaded.addRecords(records));
    expect(Buffer.from(buffers[1])).toEqual(Buffer.from(buffers[0]));
  });
});

describe('a receipt', () => {
  const receiptId = (n: number): string => `0x${keyHex(n)}`;
  const leafHash = (id: string): Uint8Array => Buffer.from(id.slice(2), 'hex');

  it('is found through merges, beside others that share its beginning', () => {
    const file = aFile();
    const database = aDatabase(file);
    const runs = new RecordRuns(database);
    const twin = `${receiptId(1_234).slice(0, 10)}${'0'.repeat(56)}`;
    for (let from = 0; from < 4_000; from += 100) {
      const batch = new ReceiptBatch();
      for (const n of upTo(100, from)) {
        batch.add({ leafHash: leafHash(receiptId(n)), customerNo: n % 7, revision: n });
      }
      if (from === 0) batch.add({ leafHash: leafHash(twin), customerNo: 8, revision: 1 });
      add(database, runs, batch);
    }
    expect(runs.runCount).toBeLessThan(40);
    const lookup = new RecordLookup(new DatabaseSync(file, { readOnly: true }), 50);
    const placesOf = (id: string) => {
      const prefix = receiptPrefix(id);
      const pages = lookup.pagesWith(prefix);
      return pages.flatMap((records) => receiptPlacesOf(records, prefix));
    };
    for (const n of [0, 99, 2_000, 3_999]) {
      expect(placesOf(receiptId(n))).toEqual([{ customerNo: n % 7, revision: n }]);
    }
    expect(placesOf(receiptId(1_234))).toHaveLength(2);
    expect(placesOf(receiptId(5_000))).toEqual([]);
  });

  it('beyond what the index can name is refused', () => {
    const place = { leafHash: leafHash(receiptId(1)), customerNo: 1, revision: 2 ** 32 };
    expect(() => new ReceiptBatch().add(place)).toThrow(RangeError);
  });
});
