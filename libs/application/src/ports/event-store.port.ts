// The event store: the only truth. Three operations and a head, so that decorators stay thin.
// Every field here is asserted by the conformance suite in test/conformance.

/** A place in the whole log; ordered as an integer, opaque otherwise. */
export type Position = bigint;

/** Position before the first event: following from here yields the whole log. */
export const LOG_START: Position = -1n;

/** Revision of a stream that does not exist; the expected revision of a stream's first append. */
export const NO_STREAM = -1;

/** A page of a stream holds at most this many events. */
export const STREAM_PAGE_MAX = 1_000;

/** One append carries at most this many bytes of event data and metadata (UTF-8). */
export const APPEND_BYTES_MAX = 900 * 1024;

/** An event to be stored: a type and two JSON texts that are stored and read back unchanged. */
export interface NewEvent {
  readonly type: string;
  /** JSON object; its member `v` is the version of the event type. */
  readonly data: string;
  /** JSON object: correlationId, causationId, door, actor. */
  readonly metadata: string;
}

/** Events of one stream that are stored together or not at all. */
export interface StreamAppend {
  /** Name without the installation's prefix. */
  readonly stream: string;
  /** Revision of the stream's last event, or NO_STREAM. There is no "any". */
  readonly expectedRevision: number;
  readonly events: readonly NewEvent[];
}

/**
 * What became of one append.
 * - appended: durable; also the answer to a repeat of the same events at the same revision.
 *   `revision` and `position` are those of its last event.
 * - conflict: nothing stored; the stream's last revision is another one.
 * - too-large: nothing stored; over APPEND_BYTES_MAX.
 * - full: nothing stored; the disk has no room. Reads go on.
 * - unknown: it may or may not be stored; repeat the same append before anything else.
 */
export type AppendOutcome =
  | { readonly kind: 'appended'; readonly revision: number; readonly position: Position }
  | { readonly kind: 'conflict'; readonly actualRevision: number }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'full' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** An event as it is stored. Its id is derived: see eventId() of the domain. */
export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** 0-based index in its stream. */
  readonly revision: number;
  readonly position: Position;
}

export interface StreamRange {
  /** First revision to read: a number, or 'end' (backwards only) for the last event. */
  readonly from: number | 'end';
  readonly direction: 'forwards' | 'backwards';
  /** 1 … STREAM_PAGE_MAX. */
  readonly limit: number;
}

/** Some consecutive events of the log that match the filter. */
export interface LogBatch {
  readonly events: readonly RecordedEvent[];
  /** Everything up to here has been seen: resume from this position. */
  readonly position: Position;
  /** True when nothing was known to follow at the time of reading. */
  readonly caughtUp: boolean;
}

export interface FollowOptions {
  /** Exclusive: the first event delivered lies after it. */
  readonly after: Position;
  /** Only streams whose name starts with one of these; all when empty. */
  readonly streamPrefixes: readonly string[];
  /** Events a batch holds at most. */
  readonly batchCountMax: number;
  readonly signal: AbortSignal;
}

/** How many appends a store wants at once; the commit queue obeys it. */
export interface AppendConcurrency {
  readonly callsInFlightMax: number;
  readonly appendsPerCallMax: number;
  readonly bytesPerCallMax: number;
}

export interface EventStore {
  /** Made new by copy-log and restore: a saved position of another store is refused. */
  readonly storeId: string;
  readonly appendConcurrency: AppendConcurrency;
  /** One outcome for each append, in order; no atomicity between appends. */
  append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]>;
  /**
   * Empty when the stream does not exist or has no event in
   * the range. Sees every acknowledged append.
   */
  readStream(stream: string, range: StreamRange): Promise<readonly RecordedEvent[]>;
  /** Catch-up, then live; at least once; in log order; ends when the signal aborts. */
  follow(options: FollowOptions): AsyncIterable<LogBatch>;
  /** Position of the last event that is durable, LOG_START when there is none. */
  head(): Promise<Position>;
  /** Resolves after what was accepted is settled and the store is let go. */
  close(): Promise<void>;
}

/** Injection token of the EventStore. */
export const EVENT_STORE = Symbol('EVENT_STORE');
