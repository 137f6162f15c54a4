// When the projector commits: rarely while much is to be caught up, soon while somebody may wait,
// and not at once again after a commit, so that changes of one row gather.
import { SIGNALS, type ProjectorData } from './projector-messages';

/** How long folded events may stay invisible once the rows have been current. */
const INVISIBLE_MS_MAX = 100;

export class CommitRhythm {
  private wanted: number;
  private lastCommit = performance.now();
  private hasCaughtUp = false;

  constructor(
    private readonly signals: Int32Array,
    private readonly bounds: Pick<ProjectorData, 'batchCountMax' | 'pauseMs'>,
  ) {
    this.wanted = Atomics.load(signals, SIGNALS.wanted);
  }

  /** True when what is folded should be committed although more is known to follow. */
  isDue(foldedCount: number): boolean {
    if (foldedCount >= this.bounds.batchCountMax) return true;
    return this.hasCaughtUp && performance.now() - this.lastCommit >= INVISIBLE_MS_MAX;
  }

  /**
   * Called after a commit; lets changes gather unless more is waiting or somebody has begun to
   * wait.
   */
  async pause(caughtUp: boolean): Promise<void> {
    const { signals, wanted, bounds } = this;
    this.hasCaughtUp ||= caughtUp;
    if (caughtUp) {
      const wait = Atomics.waitAsync(signals, SIGNALS.wanted, wanted, bounds.pauseMs);
      if (wait.async) await wait.value;
    }
    this.wanted = Atomics.load(signals, SIGNALS.wanted);
    this.lastCommit = performance.now();
  }
}
