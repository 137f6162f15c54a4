// Idempotency keys that were appended but may not be projected yet: with the key index they answer
// "was this key used?" exactly. Held in generations, dropped whole once the projection passed them.
import type { EmittedDelta } from '@deltabook/domain';
import type { Position } from '../ports/event-store.port';

/** Keys of one generation; small enough that dropping one frees memory often. */
const GENERATION_KEYS_MAX = 4_096;

interface Generation {
  readonly deltas: Map<string, EmittedDelta>;
  lastPosition: Position;
}

export class RecentKeys {
  private readonly generations: Generation[] = [];

  /**
   * `keysMax`: beyond it `isFull` asks for back-pressure, since the projection is too far behind.
   */
  constructor(private readonly keysMax: number) {}

  get size(): number {
    return this.generations.reduce((sum, generation) => sum + generation.deltas.size, 0);
  }

  isFull(): boolean {
    return this.generations.length * GENERATION_KEYS_MAX > this.keysMax;
  }

  /** The delta that was emitted with this key (64 hex), if it is remembered here. */
  find(keyHex: string): EmittedDelta | undefined {
    for (let i = this.generations.length - 1; i >= 0; i -= 1) {
      const delta = this.generations[i]?.deltas.get(keyHex);
      if (delta) return delta;
    }
    return undefined;
  }

  remember(keyHex: string, delta: EmittedDelta, position: Position): void {
    let last = this.generations.at(-1);
    if (!last || last.deltas.size >= GENERATION_KEYS_MAX) {
      last = { deltas: new Map(), lastPosition: position };
      this.generations.push(last);
    }
    last.deltas.set(keyHex, delta);
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
