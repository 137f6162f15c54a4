// When the projector commits: rarely while much is to be caught up, soon while somebody may wait,
// and not at once again after a commit, so that changes of one row gather.
import { SIGNALS, type ProjectorData } from './projector-messages';

/**
 * Each changed row makes the pause so much longer: with less than that there is no load that could
 * gather, and whoever reads soon after a write finds it.
 */
const PAUSE_MS_PER_ROW = 1;
const PAUSE_MS_MIN = 10;
/** Pauses are so many times as long as the transaction before them: it has a tenth of the time. */
const PAUSE_PER_COMMIT = 9;

export interface PauseBounds {
  /** So long under load. */
  readonly pauseMs: number;
  /** At most so long, when transactions take long. */
  readonly pauseMsMax: number;
}

/** A transaction that was committed. */
export interface Commit {
  readonly rowCount: number;
  readonly tookMs: number;
}

/**
 * Pause after a transaction: short when it changed few rows, long when it took long, since then
 * more is to be gained by rows that gather.
 */
export function pauseAfter({ rowCount, tookMs }: Commit, bounds: PauseBounds): number {
  const { pauseMs, pauseMsMax } = bounds;
  const gathering = Math.max(rowCount * PAUSE_MS_PER_ROW, PAUSE_MS_MIN);
  return Math.max(Math.min(gathering, pauseMs), Math.min(tookMs * PAUSE_PER_COMMIT, pauseMsMax));
}

export class CommitRhythm {
  private wanted: number;
  private lastCommit = performance.now();
  private hasCaughtUp = false;
  /** How long folded events may stay invisible once the rows have been current. */
  private pauseMs: number;

  constructor(
    private readonly signals: Int32Array,
    private readonly bounds: Pick<ProjectorData, 'batchCountMax'> & PauseBounds,
  ) {
    this.wanted = Atomics.load(signals, SIGNALS.wanted);
    this.pauseMs = bounds.pauseMs;
  }

  /** True when what is folded should be committed although more is known to follow. */
  isDue(foldedCount: number): boolean {
    if (foldedCount >= this.bounds.batchCountMax) return true;
    return this.hasCaughtUp && performance.now() - this.lastCommit >= this.pauseMs;
  }

  /**
   * Called after a commit; lets changes gather unless more is waiting or somebody has begun to
   * wait.
   */
  async pause(caughtUp: boolean, commit: Commit): Promise<void> {
    const { signals, wanted, bounds } = this;
    this.hasCaughtUp ||= caughtUp;
    this.pauseMs = pauseAfter(commit, bounds);
    if (caughtUp) {
      const wait = Atomics.waitAsync(signals, SIGNALS.wanted, wanted, this.pauseMs);
      if (wait.async) await wait.value;
    }
    this.wanted = Atomics.load(signals, SIGNALS.wanted);
    this.lastCommit = performance.now();
  }
}
