// Bounds stream reads: a few under way, more waiting in order, the rest refused.

/** Too many stream reads wait; the caller should try again later. */
export class ReadsOverloadedError extends Error {
  readonly code = 'READS_OVERLOADED';
}

export class ReadGate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly runningMax: number,
    private readonly waitingMax: number,
  ) {}

  /** @throws ReadsOverloadedError when too many wait already */
  async run<T>(read: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await read();
    } finally {
      this.leave();
    }
  }

  private enter(): Promise<void> {
    if (this.running < this.runningMax) {
      this.running += 1;
      return Promise.resolve();
    }
    if (this.waiting.length >= this.waitingMax) {
      return Promise.reject(
        new ReadsOverloadedError('too many stream reads wait; try again later'),
      );
    }
    return new Promise((enter) => this.waiting.push(enter));
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running -= 1;
  }
}
