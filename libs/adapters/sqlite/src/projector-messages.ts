// What main and projector thread say to each other.
import type { Position, ProjectionProblem, RecordedEvent } from '@deltabook/application/threads';
import type { MessagePort } from 'node:worker_threads';

/** What the projector's thread is told when it starts. */
export interface ProjectorData {
  readonly file: string;
  readonly storeId: string;
  readonly logSource: unknown;
  readonly keyFilter: SharedArrayBuffer;
  readonly signals: SharedArrayBuffer;
  /** To the query thread: RowChanges after each transaction. */
  readonly changesPort: MessagePort;
  readonly batchCountMax: number;
  readonly pauseMs: number;
  readonly pauseMsMax: number;
  readonly retryMs: number;
  readonly rowsCachedMax: number;
  readonly checkpointPages: number;
}

export type ProjectorMessage =
  /** The file is there and has its tables. */
  | { readonly kind: 'opened' }
  | Advance
  /** Nothing is projected for the moment, or ever again if the problem is an event. */
  | { readonly kind: 'troubled'; readonly problem: ProjectionProblem }
  /** The file cannot be used any more. */
  | { readonly kind: 'corrupt'; readonly message: string };

/** Rows are visible up to `position`. */
export interface Advance {
  readonly kind: 'advanced';
  readonly position: Position;
  readonly head: Position;
  readonly caughtUp: boolean;
  readonly directoryEvents: readonly RecordedEvent[];
}

/** Two counters in shared memory that threads can sleep on. */
export const SIGNALS = {
  /** Grows whenever somebody begins to wait for a position: the projector then does not pause. */
  wanted: 0,
  /** Messages of row changes that the query thread has taken. */
  changesTaken: 1,
} as const;
export const SIGNALS_BYTES = 8;
