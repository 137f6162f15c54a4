// Runs an import: reads rows, spreads them over lanes by customer, counts what became of each, and
// knows up to which line everything is settled.
import { Lane, laneOf, type LaneLimits, type LaneRow } from './lane';
import type { BatchSender, ItemOutcome } from './batch-sender';
import { itemOf, type BatchItem, type Mapping, type Refusal } from './row-item';
import type { SourceRow } from './source-row';

export interface RefusedRow extends Refusal {
  readonly line: number;
  /** The row as it was read. */
  readonly row: unknown;
}

export interface Counts {
  readonly accepted: number;
  readonly repeated: number;
  readonly refused: number;
}

type Counting = { -readonly [K in keyof Counts]: number };

export interface ImportRunOptions extends LaneLimits {
  readonly laneCount: number;
  readonly mapping: Mapping;
  readonly sender: Pick<BatchSender, 'send'>;
  /** What an earlier run settled. */
  readonly earlier: Progress;
  readonly signal: AbortSignal;
  readonly onRefused: (row: RefusedRow) => void;
  /** Told after each row and batch. */
  readonly onProgress: (run: ImportRun) => void;
}

/** Counts, and the line up to which every row is among them. */
export interface Progress {
  readonly settledLine: number;
  readonly counts: Counts;
}

/** Rows a slow lane may hold back the settled line; then it sends what it has. */
const LAG_ROWS_MAX = 20_000;
const LAG_CHECK_ROWS = 1_000;

export class ImportRun {
  private readonly lanes: readonly Lane[];
  private readonly counted: Counting;
  /** Counts up to the settled line, and what came of lines after it. */
  private readonly settledCounts: Counting;
  private later: { readonly line: number; readonly kind: keyof Counts }[] = [];
  private lastLine: number;
  private rowCount = 0;
  private bytes = 0;

  constructor(private readonly options: ImportRunOptions) {
    this.counted = { ...options.earlier.counts };
    this.settledCounts = { ...options.earlier.counts };
    this.lastLine = options.earlier.settledLine;
    const send = (rows: readonly LaneRow[]): Promise<void> => this.send(rows);
    this.lanes = Array.from({ length: options.laneCount }, () => new Lane(options, send));
  }

  get counts(): Counts {
    return this.counted;
  }

  /** Bytes of the file read. */
  get byteCount(): number {
    return this.bytes;
  }

  /** Where a later run would go on. */
  progress(): Progress {
    const unsettled = this.lanes.flatMap(({ firstUnsettledLine }) => firstUnsettledLine ?? []);
    const settledLine = unsettled.length === 0 ? this.lastLine : Math.min(...unsettled) - 1;
    this.later = this.later.filter(({ line, kind }) => {
      if (line <= settledLine) this.settledCounts[kind] += 1;
      return line > settledLine;
    });
    return { settledLine, counts: { ...this.settledCounts } };
  }

  /**
   * Takes all rows, or as many as come before the signal. Throws what kept a batch from being sent,
   * once everything under way is settled: `progress` then says where to go on.
   */
  async take(rows: AsyncIterable<SourceRow>): Promise<void> {
    try {
      for await (const row of rows) {
        if (this.options.signal.aborted) break;
        this.bytes = row.byteCount;
        if (row.line > this.options.earlier.settledLine) await this.takeRow(row);
      }
      if (!this.options.signal.aborted) await Promise.all(this.lanes.map((lane) => lane.finish()));
    } finally {
      await Promise.all(this.lanes.map((lane) => lane.settle()));
      this.options.onProgress(this);
    }
  }

  private async takeRow(row: SourceRow): Promise<void> {
    const { mapping } = this.options;
    const read = 'fields' in row ? itemOf(row.fields, mapping) : { refusal: malformed(row) };
    this.lastLine = row.line;
    if ('refusal' in read) {
      this.refuse(row.line, read.refusal, 'fields' in row ? row.fields : row.text);
    } else {
      await this.laneFor(read.item)?.add(laneRow(row.line, read.item));
    }
    this.rowCount += 1;
    if (this.rowCount % LAG_CHECK_ROWS === 0) await this.flushLagging(row.line);
    this.options.onProgress(this);
  }

  private async flushLagging(line: number): Promise<void> {
    for (const lane of this.lanes) {
      if (line - (lane.firstUnsettledLine ?? line) > LAG_ROWS_MAX) await lane.flush();
    }
  }

  private laneFor({ customerId }: BatchItem): Lane | undefined {
    return this.lanes[laneOf(customerId, this.lanes.length)];
  }

  private async send(rows: readonly LaneRow[]): Promise<void> {
    const outcomes = await this.options.sender.send(rows.map(({ item }) => item));
    for (const [index, { line, item }] of rows.entries()) this.settle(line, item, outcomes[index]);
    this.options.onProgress(this);
  }

  private settle(line: number, item: BatchItem, outcome: ItemOutcome | undefined): void {
    if (!outcome) throw new Error(`line ${line} has no outcome`);
    if (outcome.kind === 'refused') this.refuse(line, outcome, item);
    else this.count(line, outcome.kind);
  }

  private count(line: number, kind: keyof Counts): void {
    this.counted[kind] += 1;
    this.later.push({ line, kind });
  }

  private refuse(line: number, { code, message }: Refusal, row: unknown): void {
    this.count(line, 'refused');
    this.options.onRefused({ line, code, message, row });
  }
}

function malformed(row: { readonly malformed: string }): Refusal {
  return { code: 'MALFORMED_ROW', message: `The row ${row.malformed}.` };
}

function laneRow(line: number, item: BatchItem): LaneRow {
  return { line, item, byteCount: Buffer.byteLength(JSON.stringify(item)) + 1 };
}
