// Lets a read through once the rows are fresh enough for it, so that callers read their own writes.
import { LOG_START, type Position } from '../ports/event-store.port';
import type { ReadStore } from '../ports/read-store.port';
import type { ReadRefused } from './read-result';

/** Rows are visible up to `position`, at least. */
export interface ReadPassed {
  readonly kind: 'passed';
  readonly position: Position;
}

export class ReadGate {
  /** `waitMs`: how long a read waits, at most (setting READ_WAIT_MS). */
  constructor(
    private readonly readStore: Pick<ReadStore, 'progress' | 'projectedPosition' | 'waitFor'>,
    private readonly waitMs: number,
  ) {}

  /**
   * Waits until everything up to `minPosition` is visible. While the rows are first being built
   * they are not served at all: a customer that is missing there may well exist.
   */
  async pass(minPosition: Position = LOG_START): Promise<ReadPassed | ReadRefused> {
    const { ready, head } = this.readStore.progress();
    const wanted = !ready && head > minPosition ? head : minPosition;
    const visible =
      this.readStore.projectedPosition() >= wanted ||
      (await this.readStore.waitFor(wanted, this.waitMs));
    const position = this.readStore.projectedPosition();
    if (visible) return { kind: 'passed', position };
    return {
      kind: 'refused',
      code: ready ? 'POSITION_NOT_REACHED' : 'PROJECTION_BUILDING',
      position,
    };
  }
}
