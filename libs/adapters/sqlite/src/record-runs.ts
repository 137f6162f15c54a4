// Writes an index of sorted records: each batch adds a small sorted run, and runs of like size are
// merged into a longer one, a bounded step with each batch. A B-tree of random records would cost a
// page for each.
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import { PAGE_RECORDS_MAX, pageId, RunCursor, slotEnd, SLOTS_MAX, slotStart } from './record-pages';
import { bytesOf, compareRecords, RECORD_WORDS, type RecordBatch } from './sorted-records';

/** Runs of one size class before they are merged; a class is eight times the one below. */
const RUNS_PER_CLASS = 8;
const RUNS_PER_MERGE_MAX = 16;
/** Records merged, and pages of merged runs deleted, with one batch, at least. */
const MERGE_RECORDS_PER_STEP = 65_536;
const DELETED_PAGES_PER_STEP = 1_000;

interface Run {
  readonly slot: number;
  readonly recordCount: number;
}

interface Merge {
  readonly inputs: readonly Run[];
  readonly cursors: RunCursor[];
  readonly output: RunWriter;
}

const sizeClass = (recordCount: number): number => Math.floor(Math.log2(recordCount) / 3);

export class RecordRuns {
  private runs: Run[];
  /** Slots whose pages are still to be deleted. */
  private readonly dropped: number[];
  private merge: Merge | undefined;
  private readonly statements: Record<'addRun' | 'dropRun' | 'deletePages', StatementSyncInstance>;

  constructor(private readonly database: DatabaseSyncInstance) {
    this.statements = {
      addRun: database.prepare('INSERT INTO record_run VALUES (?, ?)'),
      dropRun: database.prepare('DELETE FROM record_run WHERE slot = ?'),
      deletePages: database.prepare(
        'DELETE FROM record_page WHERE id IN' +
          ' (SELECT id FROM record_page WHERE id BETWEEN ? AND ? LIMIT ?)',
      ),
    };
    this.runs = readRuns(database);
    this.dropped = straySlots(database, this.runs);
  }

  get runCount(): number {
    return this.runs.length;
  }

  /** Adds the records of a batch and goes on with merging; inside the caller's transaction. */
  add(batch: RecordBatch): void {
    const { recordCount } = batch;
    if (recordCount > 0) {
      const slot = this.freeSlot();
      const writer = new RunWriter(this.database, slot);
      const records = batch.sorted();
      for (let i = 0; i < recordCount; i += 1) writer.push(records, i);
      writer.end();
      this.addRun({ slot, recordCount });
    }
    this.mergeStep(Math.max(MERGE_RECORDS_PER_STEP, recordCount * 4));
    this.deleteStep();
  }

  private addRun(run: Run): void {
    this.statements.addRun.run(run.slot, run.recordCount);
    this.runs.push(run);
  }

  private mergeStep(recordsMax: number): void {
    this.merge ??= this.nextMerge();
    const { merge } = this;
    if (!merge) return;
    for (let count = 0; count < recordsMax && merge.cursors.length > 0; count += 1) {
      moveLeast(merge);
    }
    if (merge.cursors.length > 0) return;
    merge.output.end();
    const merged = new Set(merge.inputs);
    for (const { slot } of merged) this.statements.dropRun.run(slot);
    this.dropped.push(...merge.inputs.map(({ slot }) => slot));
    this.runs = this.runs.filter((run) => !merged.has(run));
    const recordCount = merge.inputs.reduce((sum, run) => sum + run.recordCount, 0);
    this.addRun({ slot: merge.output.slot, recordCount });
    this.merge = undefined;
  }

  /** The smallest size class that has enough runs. */
  private nextMerge(): Merge | undefined {
    const classes = new Map<number, Run[]>();
    for (const run of this.runs) {
      const wanted = sizeClass(run.recordCount);
      const known = classes.get(wanted);
      if (known) known.push(run);
      else classes.set(wanted, [run]);
    }
    const full = [...classes].filter(([, runs]) => runs.length >= RUNS_PER_CLASS);
    const smallest = full.sort(([a], [b]) => a - b)[0];
    if (!smallest) return undefined;
    const inputs = smallest[1].slice(0, RUNS_PER_MERGE_MAX);
    const cursors = inputs.map(({ slot }) => new RunCursor(this.database, slot));
    return { inputs, cursors, output: new RunWriter(this.database, this.freeSlot()) };
  }

  private deleteStep(): void {
    const { deletePages } = this.statements;
    let left = DELETED_PAGES_PER_STEP;
    for (;;) {
      const slot = this.dropped[0];
      if (slot === undefined) return;
      left -= Number(deletePages.run(slotStart(slot), slotEnd(slot), left).changes);
      if (left <= 0) return;
      this.dropped.shift();
    }
  }

  private freeSlot(): number {
    const taken = new Set([...this.runs.map(({ slot }) => slot), ...this.dropped]);
    if (this.merge) taken.add(this.merge.output.slot);
    for (let slot = 0; slot < SLOTS_MAX; slot += 1) if (!taken.has(slot)) return slot;
    throw new Error('no slot is free for another run of records');
  }
}

/** Moves the least record of the cursors to the output; a cursor at its end is let go. */
function moveLeast({ cursors, output }: Merge): void {
  let least = 0;
  for (let i = 1; i < cursors.length; i += 1) {
    const [a, b] = [cursors[i], cursors[least]];
    if (a && b && isBefore(a, b)) least = i;
  }
  const cursor = cursors[least];
  if (!cursor) return;
  output.push(cursor.words, cursor.next);
  cursor.advance();
  if (cursor.isAtEnd) cursors.splice(least, 1);
}

function isBefore(a: RunCursor, b: RunCursor): boolean {
  if (a.head !== b.head) return a.head < b.head;
  return compareRecords(a.words, a.next, b.words, b.next) < 0;
}

/** Writes the pages of one run, given its records in order. */
class RunWriter {
  private page = new Uint32Array(PAGE_RECORDS_MAX * RECORD_WORDS);
  private length = 0;
  private readonly insert: StatementSyncInstance;

  constructor(
    database: DatabaseSyncInstance,
    readonly slot: number,
  ) {
    this.insert = database.prepare('INSERT INTO record_page VALUES (?, ?)');
  }

  push(records: Uint32Array, i: number): void {
    if (this.length === this.page.length) this.makeRoom(records[i * RECORD_WORDS] ?? 0);
    for (let word = 0; word < RECORD_WORDS; word += 1) {
      this.page[this.length + word] = records[i * RECORD_WORDS + word] ?? 0;
    }
    this.length += RECORD_WORDS;
  }

  end(): void {
    if (this.length === 0) return;
    const records = this.page.subarray(0, this.length);
    this.insert.run(pageId(this.slot, records[0] ?? 0), bytesOf(records));
    this.length = 0;
  }

  /** A page is named by its first word, so records that share one word never begin another page. */
  private makeRoom(firstWord: number): void {
    if (this.page[this.length - RECORD_WORDS] !== firstWord) {
      this.end();
      return;
    }
    const longer = new Uint32Array(this.page.length * 2);
    longer.set(this.page);
    this.page = longer;
  }
}

export function readRuns(database: DatabaseSyncInstance): Run[] {
  const runs = database.prepare(
    'SELECT slot, record_count AS recordCount FROM record_run ORDER BY slot',
  );
  return runs.all() as Run[];
}

/**
 * Slots with pages of no run: of a merge that a restart cut short, or dropped and not yet deleted.
 */
function straySlots(database: DatabaseSyncInstance, runs: readonly Run[]): number[] {
  const known = new Set(runs.map(({ slot }) => slot));
  const next = database.prepare('SELECT id FROM record_page WHERE id >= ? ORDER BY id LIMIT 1');
  const stray: number[] = [];
  for (let slot = 0; ; slot += 1) {
    const row = next.get(slotStart(slot)) as { id: number } | undefined;
    if (!row) return stray;
    slot = Math.floor(row.id / slotStart(1));
    if (!known.has(slot)) stray.push(slot);
  }
}
