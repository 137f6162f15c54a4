// Last revision of each stream, for the check of the expected revision: in memory for streams
// in use and for everything the stream index does not have yet, from the index otherwise.
import type { SharedPositions } from './shared-positions';
import type { StreamIndex } from './stream-index';

interface Head {
  readonly revision: number;
  readonly position: number;
}

export class StreamHeads {
  private heads = new Map<string, Head>();
  /** What the transaction under way replaced; undefined where a stream was new. */
  private readonly replaced = new Map<string, Head | undefined>();

  constructor(
    private readonly index: Pick<StreamIndex, 'headOf'>,
    private readonly positions: Pick<SharedPositions, 'indexed'>,
    private readonly cachedMax: number,
  ) {}

  /** -1 for a stream without events. */
  of(stream: string): number {
    const known = this.heads.get(stream);
    if (known) return known.revision;
    const revision = this.index.headOf(stream);
    this.makeRoom();
    this.heads.set(stream, { revision, position: 0 });
    return revision;
  }

  set(stream: string, revision: number, position: number): void {
    const known = this.heads.get(stream);
    if (!this.replaced.has(stream)) this.replaced.set(stream, known);
    if (!known) this.makeRoom();
    this.heads.set(stream, { revision, position });
  }

  /** The transaction is durable: what was set since the last one stays. */
  commit(): void {
    this.replaced.clear();
  }

  /**
   * The transaction is undone. A head is put back, not read again: the index may not have it yet.
   */
  rollback(): void {
    for (const [stream, head] of this.replaced) {
      if (head) this.heads.set(stream, head);
      else this.heads.delete(stream);
    }
    this.replaced.clear();
  }

  /** Drops what the index can answer once there are too many; what it cannot stays. */
  private makeRoom(): void {
    if (this.heads.size < this.cachedMax) return;
    const { indexed } = this.positions;
    const kept = [...this.heads].filter(([, head]) => head.position > indexed);
    this.heads = new Map(kept);
  }
}
