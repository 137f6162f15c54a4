// Finds records by their first word in all runs of an index. A run never changes, so where its
// pages begin and the pages that were read lately stay in memory: an index has some forty runs, and
// reading a page of each from the file for every lookup took fifteen times as long.
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { pageId, slotEnd, slotStart, type PageRow } from './record-pages';
import { wordsOf } from './sorted-records';

/** Pages of a run whose beginnings are kept; where a longer one has a page, the file is asked. */
const LISTED_PAGES_MAX = 4_096;

interface KnownRun {
  readonly slot: number;
  readonly recordCount: number;
  readonly firstPage: Uint32Array;
  /** Ids of its pages in order; undefined for a long one. */
  readonly pageIds: Float64Array | undefined;
  readonly pages: Map<number, Uint32Array>;
}

type Statement = 'version' | 'runs' | 'idsOfRun' | 'pageBefore' | 'page';

export class RecordLookup {
  private runs: readonly KnownRun[] = [];
  private cachedCount = 0;
  /** SQLite's count of what other connections have committed. */
  private seenVersion: unknown;
  private readonly statements: Record<Statement, StatementSyncInstance>;

  /** Of a connection that only reads: what it wrote itself would go unnoticed. */
  constructor(
    private readonly database: DatabaseSyncInstance,
    private readonly pagesCachedMax: number,
  ) {
    this.statements = {
      version: database.prepare('PRAGMA data_version'),
      runs: database.prepare('SELECT slot, record_count AS recordCount FROM record_run'),
      idsOfRun: database.prepare(
        'SELECT id FROM record_page WHERE id >= ? AND id <= ? ORDER BY id LIMIT ?',
      ),
      pageBefore: database.prepare(
        'SELECT id, records FROM record_page WHERE id <= ? AND id >= ? ORDER BY id DESC LIMIT 1',
      ),
      page: database.prepare('SELECT id, records FROM record_page WHERE id = ?'),
    };
    this.statements.idsOfRun.setReturnArrays(true);
  }

  /**
   * Pages that may hold records with a first word: one of each run, or none. All are seen in one
   * read transaction, so that a merge under way hides nothing.
   */
  pagesWith(firstWord: number): readonly Uint32Array[] {
    this.database.exec('BEGIN');
    try {
      this.lookForRuns();
      const found: Uint32Array[] = [];
      for (const run of this.runs) {
        const page = this.pageOf(run, pageId(run.slot, firstWord));
        if (page) found.push(page);
      }
      return found;
    } finally {
      this.database.exec('COMMIT');
    }
  }

  private lookForRuns(): void {
    const { data_version: version } = this.statements.version.get() as { data_version: unknown };
    if (version === this.seenVersion) return;
    const before = new Map(this.runs.map((run) => [run.slot, run]));
    const stored = this.statements.runs.all() as { slot: number; recordCount: number }[];
    this.runs = stored.map(({ slot, recordCount }) => {
      const firstPage = this.firstPageOf(slot);
      const known = before.get(slot);
      // Slots are used again. Runs are merged and never split, so that one of as many records that
      // begins with the same ones has the same records.
      const isSame = known?.recordCount === recordCount && areEqual(known.firstPage, firstPage);
      return isSame ? known : this.newRun({ slot, recordCount, firstPage });
    });
    this.cachedCount = this.runs.reduce((sum, { pages }) => sum + pages.size, 0);
    this.seenVersion = version;
  }

  private newRun(run: Pick<KnownRun, 'slot' | 'recordCount' | 'firstPage'>): KnownRun {
    const { slot } = run;
    const most = LISTED_PAGES_MAX + 1;
    const rows = this.statements.idsOfRun.all(slotStart(slot), slotEnd(slot), most);
    const isLong = rows.length === most;
    const ids = Float64Array.from(rows as unknown as [number][], ([id]) => id);
    return { ...run, pageIds: isLong ? undefined : ids, pages: new Map() };
  }

  private firstPageOf(slot: number): Uint32Array {
    const [row] = this.statements.idsOfRun.all(slotStart(slot), slotEnd(slot), 1);
    const [id] = (row ?? []) as unknown as readonly number[];
    return id === undefined ? new Uint32Array(0) : this.read(id);
  }

  /** The page of a run that begins there or last before; undefined when none does. */
  private pageOf({ slot, pageIds, pages }: KnownRun, wanted: number): Uint32Array | undefined {
    if (!pageIds) {
      const row = this.statements.pageBefore.get(wanted, slotStart(slot)) as PageRow | undefined;
      return row && wordsOf(row.records);
    }
    const id = lastUpTo(pageIds, wanted);
    if (id === undefined) return undefined;
    const cached = pages.get(id);
    if (cached) return cached;
    if (this.cachedCount >= this.pagesCachedMax) this.forgetPages();
    const page = this.read(id);
    pages.set(id, page);
    this.cachedCount += 1;
    return page;
  }

  private forgetPages(): void {
    for (const { pages } of this.runs) pages.clear();
    this.cachedCount = 0;
  }

  private read(id: number): Uint32Array {
    const row = this.statements.page.get(id) as PageRow | undefined;
    return row ? wordsOf(row.records) : new Uint32Array(0);
  }
}

/** The last of the numbers, which are in order, that is not beyond `most`. */
function lastUpTo(numbers: Float64Array, most: number): number | undefined {
  let begin = 0;
  let end = numbers.length;
  while (begin < end) {
    const middle = (begin + end) >>> 1;
    if ((numbers[middle] ?? Infinity) <= most) begin = middle + 1;
    else end = middle;
  }
  return numbers[begin - 1];
}

const areEqual = (a: Uint32Array, b: Uint32Array): boolean =>
  a.length === b.length && a.every((word, at) => word === b[at]);
