// Where runs of sorted records lie in a file. A run is sorted and never changed; its pages fill
// one page of SQLite each and are found by the first word of their first record.
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { RECORD_WORDS, wordsOf } from './sorted-records';

/**
 * Records of one page: 338 × 12 bytes fit the 4,061 bytes that SQLite keeps in one leaf of 4 KiB.
 */
export const PAGE_RECORDS_MAX = 338;
/**
 * A page's id: slot of its run, then the first word of its first record. 52 bits, so a number holds
 * it.
 */
const SLOT = 0x1_0000_0000;
export const SLOTS_MAX = 2 ** 20;

export const RECORD_TABLES =
  'CREATE TABLE record_page (id INTEGER PRIMARY KEY, records BLOB NOT NULL);' +
  'CREATE TABLE record_run (slot INTEGER PRIMARY KEY, record_count INTEGER NOT NULL);';

export const pageId = (slot: number, firstWord: number): number => slot * SLOT + firstWord;
export const slotStart = (slot: number): number => slot * SLOT;
export const slotEnd = (slot: number): number => slot * SLOT + SLOT - 1;

export interface PageRow {
  readonly id: number;
  readonly records: Uint8Array;
}

/** Reads the records of one run in order, a page at a time. */
export class RunCursor {
  /** The page at hand and the record in it that is next. */
  words: Uint32Array = new Uint32Array(0);
  next = 0;
  /** First word of that record; beyond all words when there is none. */
  head = SLOT;
  private after: number;
  private readonly end: number;
  private readonly select: StatementSyncInstance;

  constructor(database: DatabaseSyncInstance, slot: number) {
    this.after = slotStart(slot) - 1;
    this.end = slotEnd(slot);
    this.select = database.prepare(
      'SELECT id, records FROM record_page WHERE id > ? AND id <= ? ORDER BY id LIMIT 1',
    );
    this.readPage();
  }

  get isAtEnd(): boolean {
    return this.words.length === 0;
  }

  advance(): void {
    this.next += 1;
    if (this.next * RECORD_WORDS >= this.words.length) this.readPage();
    else this.head = this.words[this.next * RECORD_WORDS] ?? SLOT;
  }

  private readPage(): void {
    const row = this.select.get(this.after, this.end) as PageRow | undefined;
    this.words = row ? wordsOf(row.records) : new Uint32Array(0);
    this.next = 0;
    this.head = this.words[0] ?? SLOT;
    if (row) this.after = row.id;
  }
}

/** Calls back with the records of every page, whichever run they belong to. */
export function eachPage(
  database: DatabaseSyncInstance,
  callback: (records: Uint32Array) => void,
): void {
  const pages = database.prepare('SELECT id, records FROM record_page');
  for (const page of pages.iterate() as Iterable<PageRow>) callback(wordsOf(page.records));
}
