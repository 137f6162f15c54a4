// Two positions in shared memory: what is durable and what the stream index
// has. Any thread can read them without a message and sleep until they move.

const COMMITTED = 0;
const INDEXED = 1;

export class SharedPositions {
  private readonly cells: BigInt64Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(16)) {
    this.cells = new BigInt64Array(buffer);
  }

  /** Position of the last durable event; 0 when there is none. */
  get committed(): number {
    return Number(Atomics.load(this.cells, COMMITTED));
  }

  set committed(position: number) {
    Atomics.store(this.cells, COMMITTED, BigInt(position));
    Atomics.notify(this.cells, COMMITTED);
  }

  /** Position up to which the stream index is durable. */
  get indexed(): number {
    return Number(Atomics.load(this.cells, INDEXED));
  }

  set indexed(position: number) {
    Atomics.store(this.cells, INDEXED, BigInt(position));
    Atomics.notify(this.cells, INDEXED);
  }

  /** Resolves once something lies after `position`, or after `timeoutMs`. */
  async committedAfter(position: number, timeoutMs: number): Promise<void> {
    const { async, value } = Atomics.waitAsync(this.cells, COMMITTED, BigInt(position), timeoutMs);
    if (async) await value;
  }

  /** Blocks the thread until the index moves on from `position`, or for `timeoutMs`. */
  blockWhileIndexed(position: number, timeoutMs: number): void {
    Atomics.wait(this.cells, INDEXED, BigInt(position), timeoutMs);
  }
}
