// Where a history stood at the end of each month, which is where checkpoints are.
import type { ChainPoint } from '@deltabook/integrity';

/** YYYY-MM of a time. */
const MONTH_LENGTH = 7;

export class MonthEnds {
  private readonly before: ChainPoint[] = [];
  private month = '';
  private newest: ChainPoint | undefined;

  /** The next delta's point; times are RFC 3339 in UTC and never step back. */
  take(recordedAt: string, point: ChainPoint): void {
    if (this.month === '' || !recordedAt.startsWith(this.month)) {
      if (this.newest) this.before.push(this.newest);
      this.month = recordedAt.slice(0, MONTH_LENGTH);
    }
    this.newest = point;
  }

  /** The point with this sequence, if it ends a month or is the last so far. */
  find(sequence: number): ChainPoint | undefined {
    if (this.newest?.sequence === sequence) return this.newest;
    return this.before.find((point) => point.sequence === sequence);
  }
}
