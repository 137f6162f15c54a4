// Who waits for a position to be projected, each for a bounded time.
import type { Position } from '@deltabook/application/threads';

interface Waiter {
  readonly position: Position;
  readonly settle: (reached: boolean) => void;
}

export class PositionWaiters {
  private readonly waiters = new Set<Waiter>();

  constructor(private readonly waitersMax: number) {}

  /** True once reach() has said so, false after `waitMs`, or at once when too many wait. */
  wait(position: Position, waitMs: number): Promise<boolean> {
    if (this.waiters.size >= this.waitersMax) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (reached: boolean): void => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        resolve(reached);
      };
      const waiter = { position, settle };
      const timer = setTimeout(() => settle(false), waitMs);
      this.waiters.add(waiter);
    });
  }

  reach(position: Position): void {
    for (const waiter of this.waiters) if (waiter.position <= position) waiter.settle(true);
  }

  /** Nothing more will be reached. */
  end(): void {
    for (const waiter of this.waiters) waiter.settle(false);
  }
}
