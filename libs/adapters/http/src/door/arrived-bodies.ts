// Bodies that arrived in one turn of the event loop are read, and their requests handled, one after
// the other once all of them are there. What a request passes through is far more code than a
// processor keeps close: taken together, each step finds its code there after the first of them. No
// more than some in a turn: what has no body, and answers of other threads, wait behind them.
import { parseJsonBody } from './json-body';

/** Takes what a body says, or why it could not be read. */
export type OnRead = (error: Error | null, value?: unknown) => void;

interface ArrivedBody {
  readonly bytes: Buffer;
  readonly onRead: OnRead;
}

/** How many wait is bounded by the door, which let each of their requests in. */
export class ArrivedBodies {
  private readonly arrived: ArrivedBody[] = [];

  constructor(private readonly perTurnMax: number) {}

  add(bytes: Buffer, onRead: OnRead): void {
    if (this.arrived.push({ bytes, onRead }) === 1) this.readSoon();
  }

  private readSoon(): void {
    setImmediate(() => {
      const handOver = this.arrived.splice(0, this.perTurnMax).map(read);
      if (this.arrived.length > 0) this.readSoon();
      for (const handOne of handOver) handOne();
    });
  }
}

function read({ bytes, onRead }: ArrivedBody): () => void {
  try {
    const value = parseJsonBody(bytes);
    return () => onRead(null, value);
  } catch (error) {
    return () => onRead(error as Error);
  }
}
