// The stand-in's log in memory: what a server stores of an append, and when it takes one for a
// repeat.

export interface StoredEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export type ProposedEvent = Pick<StoredEvent, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;

export type AppendResult =
  | { readonly kind: 'appended'; readonly revision: number; readonly position: bigint }
  | { readonly kind: 'wrong-revision'; readonly actualRevision: number }
  | { readonly kind: 'too-large' };

/** Expected revision of a first append. */
export const NO_STREAM = -1;
/** The server's default for one append. */
export const APPEND_BYTES_MAX = 1_048_576;
/** Bytes that a record takes beside its texts; positions are places in a file of records. */
const RECORD_BYTES = 120;

export class StandInLog {
  readonly events: StoredEvent[] = [];
  private readonly streams = new Map<string, StoredEvent[]>();
  private readonly listeners = new Set<() => void>();
  private end = 0n;

  constructor() {
    // A server's log is never empty: what it writes for itself comes first.
    const data = new TextEncoder().encode('{}');
    const own = { type: '$UserCreated', contentType: 'application/json', data, metadata: data };
    this.append('$user-admin', NO_STREAM, [{ ...own, id: '00000000-0000-0000-0000-0000000000aa' }]);
  }

  stream(name: string): readonly StoredEvent[] | undefined {
    return this.streams.get(name);
  }

  append(stream: string, expected: number, proposed: readonly ProposedEvent[]): AppendResult {
    const byteCount = proposed.reduce((sum, e) => sum + e.data.length + e.metadata.length, 0);
    if (byteCount > APPEND_BYTES_MAX) return { kind: 'too-large' };
    const stored = this.streams.get(stream) ?? [];
    const actualRevision = stored.length - 1;
    if (expected === actualRevision) return this.store(stream, stored, proposed);
    const first = expected + 1;
    const repeated = proposed.every(({ id }, i) => stored[first + i]?.id === id);
    const last = stored[expected + proposed.length];
    if (!repeated || !last) return { kind: 'wrong-revision', actualRevision };
    return { kind: 'appended', revision: last.revision, position: last.position };
  }

  /** Calls back after every append, until the returned function is called. */
  onAppend(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Index of the first event after a position. */
  indexAfter(position: bigint): number {
    let [low, high] = [0, this.events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.events[middle]?.position ?? 0n) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private store(
    stream: string,
    stored: StoredEvent[],
    proposed: readonly ProposedEvent[],
  ): AppendResult {
    this.streams.set(stream, stored);
    for (const event of proposed) {
      const recorded = { ...event, stream, revision: stored.length, position: this.end };
      stored.push(recorded);
      this.events.push(recorded);
      this.end += BigInt(RECORD_BYTES + event.data.length + event.metadata.length);
    }
    for (const listener of this.listeners) listener();
    const last = stored.at(-1);
    return { kind: 'appended', revision: stored.length - 1, position: last?.position ?? 0n };
  }
}
