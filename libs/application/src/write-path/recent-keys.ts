// Idempotency keys that were appended but may not be projected yet: with the key index they answer
// "was this key used?" exactly. Held in generations, dropped whole once the projection passed them.
// Where a delta lies is all that is held of it: it is seldom asked for, and the stream has it.
import type { Position } from '../ports/event-store.port';

/** Keys of one generation; small enough that dropping one frees memory often. */
const GENERATION_KEYS_MAX = 4_096;

interface Generation {
  /** By key (64 hex): the revision of the delta in its customer's stream. */
  readonly revisions: Map<string, number>;
  lastPosition: Position;
}

export class RecentKeys {
  private readonly generations: Generation[] = [];

  /**
   * `keysMax`: beyond it `isFull` asks for back-pressure, since the projection is too far behind.
   */
  constructor(private readonly keysMax: number) {}

  get size(): number {
    return this.generations.reduce((sum, generation) => sum + generation.revisions.size, 0);
  }

  isFull(): boolean {
    return this.generations.length * GENERATION_KEYS_MAX > this.keysMax;
  }

  /** Revision of the delta that was emitted with this key (64 hex), if it is remembered here. */
  find(keyHex: string): number | undefined {
    for (let i = this.generations.length - 1; i >= 0; i -= 1) {
      const revision = this.generations[i]?.revisions.get(keyHex);
      if (revision !== undefined) return revision;
    }
    return undefined;
  }

  remember(keyHex: string, revision: number, position: Position): void {
    let last = this.generations.at(-1);
    if (!last || last.revisions.size >= GENERATION_KEYS_MAX) {
      last = { revisions: new Map(), lastPosition: position };
      this.generations.push(last);
    }
    last.revisions.set(keyHex, revision);
    if (position > last.lastPosition) last.lastPosition = position;
  }

  /** Forgets generations whose every key is projected. */
  forgetUpTo(projected: Position): void {
    while (this.generations.length > 0) {
      const oldest = this.generations[0];
      if (!oldest || oldest.lastPosition > projected) return;
      this.generations.shift();
    }
  }
}
