// How many deltas of all partitions may be with the write path at once, in count and bytes; more
// wait here, so that the intake never runs into the write path's own bounds.

interface Load {
  readonly count: number;
  readonly byteCount: number;
}

export class InFlight {
  private count = 0;
  private byteCount = 0;
  private waiting: (() => void)[] = [];

  constructor(private readonly most: Load) {}

  /** Resolves once the load fits; one that is too large by itself goes alone. */
  async enter(load: Load): Promise<void> {
    while (!this.fits(load)) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.count += load.count;
    this.byteCount += load.byteCount;
  }

  leave(load: Load): void {
    this.count -= load.count;
    this.byteCount -= load.byteCount;
    const { waiting } = this;
    this.waiting = [];
    for (const wake of waiting) wake();
  }

  private fits(load: Load): boolean {
    if (this.count === 0) return true;
    return (
      this.count + load.count <= this.most.count &&
      this.byteCount + load.byteCount <= this.most.byteCount
    );
  }
}
