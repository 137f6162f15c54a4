// One of the lanes of an import: its customers' rows are sent in the order of the
// file, one batch at a time, while the next batch gathers. Lanes run side by side.
import type { BatchItem } from './row-item';

/** An item with the line it came from. */
export interface LaneRow {
  readonly line: number;
  readonly item: BatchItem;
  readonly byteCount: number;
}

export interface LaneLimits {
  readonly batchCountMax: number;
  readonly batchBytesMax: number;
}

export class Lane {
  private gathered: LaneRow[] = [];
  private gatheredBytes = 0;
  private sending: readonly LaneRow[] = [];
  private sent: Promise<void> = Promise.resolve();

  constructor(
    private readonly limits: LaneLimits,
    private readonly send: (rows: readonly LaneRow[]) => Promise<void>,
  ) {}

  /** First line that is not settled; undefined when all are. */
  get firstUnsettledLine(): number | undefined {
    return (this.sending[0] ?? this.gathered[0])?.line;
  }

  /** Takes a row; waits while a full batch waits for the one under way. Throws when that failed. */
  async add(row: LaneRow): Promise<void> {
    const { batchBytesMax, batchCountMax } = this.limits;
    const isTooMuch = this.gatheredBytes + row.byteCount > batchBytesMax;
    if (isTooMuch && this.gathered.length > 0) await this.dispatch();
    this.gathered.push(row);
    this.gatheredBytes += row.byteCount;
    if (this.gathered.length >= batchCountMax) await this.dispatch();
  }

  /** Sends what is gathered, full or not, once the batch under way is through. */
  async flush(): Promise<void> {
    if (this.gathered.length > 0) await this.dispatch();
  }

  /** Sends what is gathered and waits for it. Throws when it could not be sent. */
  async finish(): Promise<void> {
    await this.flush();
    await this.sent;
  }

  /** Waits for what is under way, whatever becomes of it. */
  async settle(): Promise<void> {
    await this.sent.catch(() => undefined);
  }

  private async dispatch(): Promise<void> {
    await this.sent;
    this.sending = this.gathered;
    this.gathered = [];
    this.gatheredBytes = 0;
    this.sent = this.send(this.sending).then(() => {
      this.sending = [];
    });
    // Whoever awaits `sent` next gets the error; until then it is not unhandled.
    this.sent.catch(() => undefined);
  }
}

/** The lane of a customer, the same on every run (FNV-1a). */
export function laneOf(customerId: unknown, laneCount: number): number {
  let hash = 0x811c9dc5;
  for (const letter of String(customerId)) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash % laneCount;
}
