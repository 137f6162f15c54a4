// What the read store can be told, with the bounds of every queue, cache and batch it has.

export interface SqliteReadStoreOptions {
  /** Folder of the read models; made by the event store or by hand. */
  readonly dataDir: string;
  /** Rows of another store are dropped. */
  readonly storeId: string;
  /** The projector's thread entry: it calls runProjector() and knows how to follow the log. */
  readonly projectorEntry: string;
  /** Whatever that entry needs to open the log; posted to the thread. */
  readonly logSource: unknown;
  readonly keyFilterBytes: number;
  /** Events projected in one transaction. */
  readonly batchCountMax: number;
  /**
   * Time between two transactions under load while nobody waits, so that changes of one row
   * coalesce.
   */
  readonly pauseMs: number;
  /** The same when transactions take so long that more is to be gained. */
  readonly pauseMsMax: number;
  /** How long the projector waits before it tries again after an error. */
  readonly retryMs: number;
  /** Rows that the projector keeps in memory. */
  readonly rowsCachedMax: number;
  /** Pages of the write-ahead log before SQLite copies them into the file. */
  readonly checkpointPages: number;
  readonly customersListedMax: number;
  readonly searchMatchesCachedMax: number;
  /** Pages of the key index, and as many of the receipt index, in memory: 4 KiB each. */
  readonly indexPagesCachedMax: number;
  /** Questions to the query thread that may be unanswered; more are refused. */
  readonly queriesPendingMax: number;
  /** Calls of waitFor() that may wait; more are told at once that the position is not reached. */
  readonly waitersMax: number;
  /** Called once when a thread of the store died: the process must end. */
  readonly onFatal: (error: Error) => void;
}

const MIB = 1024 * 1024;

/** Defaults for everything but the folder, the log and the callback. */
export const SQLITE_DEFAULTS = {
  keyFilterBytes: 32 * MIB,
  batchCountMax: 100_000,
  pauseMs: 100,
  pauseMsMax: 500,
  retryMs: 1_000,
  rowsCachedMax: 50_000,
  checkpointPages: 10_000,
  customersListedMax: 5_000_000,
  searchMatchesCachedMax: 1_000_000,
  indexPagesCachedMax: 4_096,
  queriesPendingMax: 10_000,
  waitersMax: 10_000,
} as const;
