// How many deltas of all partitions may be with the write path at once, in count and bytes; more
// wait here, so that the intake never runs into the write path's own bounds. Partitions hand over
// in turn: small fetches all fit and are stored together, and of large ones a customer's deltas,
// which are all in one partition, meet and share one append.

interface Load {
  readonly count: number;
  readonly byteCount: number;
}

export class InFlight {
  private count = 0;
  private byteCount = 0;
  private waiting: (() => void)[] = [];
  private lastTurn = Promise.resolve();

  constructor(private readonly most: Load) {}

  /** Resolves once everyone who asked before has ended its turn, with what ends this one. */
  async takeTurn(): Promise<() => void> {
    const before = this.lastTurn;
    let end = (): void => undefined;
    this.lastTurn = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    return end;
  }

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
