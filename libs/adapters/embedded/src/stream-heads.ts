// Last revision of each stream, for the check of the expected revision: in memory for streams in use and
// for everything the stream index does not have yet, from the index otherwise.
import type { SharedPositions } from './shared-positions';
import type { StreamIndex } from './stream-index';

interface Head {
  revision: number;
  position: number;
}

export class StreamHeads {
  private heads = new Map<string, Head>();

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
    if (known) {
      known.revision = revision;
      known.position = position;
      return;
    }
    this.makeRoom();
    this.heads.set(stream, { revision, position });
  }

  /** Forgets all that was set after `position`: what a rolled-back transaction had set. */
  forgetAfter(position: number): void {
    for (const [stream, head] of this.heads) {
      if (head.position > position) this.heads.delete(stream);
    }
  }

  /** Drops what the index can answer once there are too many; what it cannot stays. */
  private makeRoom(): void {
    if (this.heads.size < this.cachedMax) return;
    const { indexed } = this.positions;
    const kept = [...this.heads].filter(([, head]) => head.position > indexed);
    this.heads = new Map(kept);
  }
}
