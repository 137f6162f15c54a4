// The read store: rows per customer and per idempotency key, deleted at will and rebuilt by replay.
import type {
  CheckpointPage,
  CheckpointPageRequest,
  CheckpointRow,
} from '../read-models/checkpoint-rows';
import type {
  CustomerPage,
  CustomerPageRequest,
  CustomerRow,
  ScopeTotals,
} from '../read-models/rows';
import type { Position, RecordedEvent } from './event-store.port';

/** Where an idempotency key was first used: a candidate, its event is read and compared. */
export interface KeyCandidate {
  readonly revision: number;
}

/**
 * Why the projection stands still.
 * - UNREADABLE_EVENT: an unknown type or newer version at `position`; this build goes no further.
 * - STORE_FULL: no room for the rows; retried until there is.
 * - PROJECTION_FAILED: any other failure (log out of reach, disk); retried.
 * - ROWS_LOST: the rows were damaged and are being built anew.
 */
export interface ProjectionProblem {
  readonly code: 'UNREADABLE_EVENT' | 'STORE_FULL' | 'PROJECTION_FAILED' | 'ROWS_LOST';
  /** One sentence: what is wrong and what to do. */
  readonly message: string;
  readonly position?: Position;
}

/** Progress of a projection, for readiness, metrics and the progress line. */
export interface ProjectionProgress {
  readonly position: Position;
  readonly head: Position;
  /** False until the rows first caught up with the log: until then writes wait or get 503. */
  readonly ready: boolean;
  readonly rebuilding: boolean;
  /** Absent while all is well. */
  readonly problem?: ProjectionProblem | undefined;
}

export interface ReadStore {
  /** Rows by customer reference (`0x`…, checksum-cased), undefined where none is projected. */
  customers(references: readonly string[]): Promise<readonly (CustomerRow | undefined)[]>;
  customerPage(request: CustomerPageRequest): Promise<CustomerPage>;
  totals(tenant: string, environment: string): Promise<ScopeTotals>;
  checkpointPage(request: CheckpointPageRequest): Promise<CheckpointPage>;
  /** The newest checkpoint of a period by customer reference, undefined where none is projected. */
  periodCheckpoints(
    references: readonly string[],
    period: string,
  ): Promise<readonly (CheckpointRow | undefined)[]>;
  /** Revisions of the customer's events that may carry the key (64 hex), at most a few. */
  keyCandidates(reference: string, keyHex: string): Promise<readonly KeyCandidate[]>;
  /**
   * False when no projected event carries the key; true when one may. Never waits: a filter in
   * memory that is set before the rows it speaks of become visible.
   */
  mayHaveKey(keyHex: string): boolean;
  /** Position up to which rows are visible; never waits. */
  projectedPosition(): Position;
  /** Resolves to true once `position` is projected, to false after `waitMs`. */
  waitFor(position: Position, waitMs: number): Promise<boolean>;
  progress(): ProjectionProgress;
  /**
   * All projected events of `tenant-…` and `installation`
   * streams, in log order: few, kept verbatim.
   */
  directoryEvents(): Promise<readonly RecordedEvent[]>;
  /**
   * Calls back with such events as they are projected, before waitFor() of their position resolves.
   */
  onDirectoryEvents(listener: (events: readonly RecordedEvent[]) => void): void;
  close(): Promise<void>;
}

/** Injection token of the ReadStore. */
export const READ_STORE = Symbol('READ_STORE');
