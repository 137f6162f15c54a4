// One stream's events as they come by in a round, held against what an earlier round made of them.
// That they are to the byte the same costs one hash of each, and nothing else of them is looked at.
import type { Sha256Hex } from '@deltabook/integrity';
import { NO_STREAM, type RecordedEvent } from '../ports/event-store.port';

/** Which events something was made of. */
export interface EventsSeen {
  /** Hash over the hashes before it, type and data, of each event. */
  readonly chain: string;
  /** Of the last one. */
  readonly revision: number;
}

export class RecognizedEvents<Memory extends EventsSeen> {
  private chain = '';
  private revision = NO_STREAM;
  private isOther = false;

  /**
   * `hoped`: what the events may turn out to be; undefined when there is nothing to hope for.
   * Without `sha256Hex` nobody will want to recognize them, and they are not hashed.
   */
  constructor(
    private hoped: Memory | undefined,
    private readonly sha256Hex: Sha256Hex | undefined,
  ) {}

  get seen(): EventsSeen {
    return { chain: this.chain, revision: this.revision };
  }

  /** True once the events are not those of before; then none is of use. */
  get areOther(): boolean {
    return this.isOther;
  }

  /** True while they may still turn out to be the ones of before. */
  get areAwaited(): boolean {
    return this.hoped !== undefined;
  }

  /** They are not the ones of before. */
  giveUp(): void {
    this.isOther = true;
  }

  /**
   * Takes the next event; one that was seen is passed over. 'new': it has to be looked at. What was
   * hoped for comes back with the last event that it was made of; undefined until then.
   */
  take(event: RecordedEvent): Memory | 'new' | undefined {
    const { revision } = event;
    if (revision <= this.revision) return undefined;
    const isNext = revision === this.revision + 1;
    this.revision = revision;
    if (this.isOther) return undefined;
    this.addToChain(event);
    return this.hoped === undefined ? 'new' : this.meet(this.hoped, isNext);
  }

  private addToChain({ type, data }: RecordedEvent): void {
    // The length tells where the type ends: moved into the data, a character is another event.
    if (this.sha256Hex) this.chain = this.sha256Hex(`${this.chain}${type.length} ${type}${data}`);
  }

  private meet(hoped: Memory, isNext: boolean): Memory | undefined {
    if (isNext && this.revision < hoped.revision) return undefined;
    const isSame = isNext && this.revision === hoped.revision && this.chain === hoped.chain;
    if (!isSame) {
      this.giveUp();
      return undefined;
    }
    this.hoped = undefined;
    return hoped;
  }
}
