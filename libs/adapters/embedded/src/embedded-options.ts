// What the embedded store can be told, with the bounds of every queue and cache it has.

export interface EmbeddedOptions {
  /** Folder of log.db and stream-index.db; made when missing. */
  readonly dataDir: string;
  /** Calls of append() under way at once; each is one transaction. */
  readonly callsInFlightMax: number;
  readonly appendsPerCallMax: number;
  readonly bytesPerCallMax: number;
  /** Pages of log.db-wal before SQLite copies them into log.db; small values make commits jump. */
  readonly checkpointPages: number;
  /** Streams whose last revision the writer keeps in memory. */
  readonly headsCachedMax: number;
  /** Events that may be committed and not yet in the stream index; then appends wait. */
  readonly unindexedEventsMax: number;
  /** Events gathered before the stream index is written; half a minute also does it. */
  readonly indexFlushEventsMax: number;
  /** Stream reads that may wait; more are refused. */
  readonly readsPendingMax: number;
  /** Thread entries; tests put theirs here to fail at a named point. */
  readonly writerEntry: string;
  readonly readerEntry: string;
  /** Called once when the store can no longer be trusted to write: the process must end. */
  readonly onFatal: (error: Error) => void;
  /** Called while the stream index is caught up at start. */
  readonly onCatchUp: (done: number, total: number) => void;
}

const MIB = 1024 * 1024;

/** Defaults for everything but dataDir and the callbacks. */
export const EMBEDDED_DEFAULTS = {
  callsInFlightMax: 2,
  appendsPerCallMax: 4_096,
  bytesPerCallMax: 8 * MIB,
  checkpointPages: 10_000,
  headsCachedMax: 200_000,
  unindexedEventsMax: 400_000,
  indexFlushEventsMax: 200_000,
  readsPendingMax: 10_000,
} as const;

/** What threads are told when they start. */
export interface ThreadData {
  readonly dataDir: string;
  readonly shared: SharedArrayBuffer;
  readonly checkpointPages: number;
  readonly headsCachedMax: number;
  readonly unindexedEventsMax: number;
  readonly indexFlushEventsMax: number;
}
