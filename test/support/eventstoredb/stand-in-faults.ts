// What the stand-in does wrong on demand. Counts are of the next calls of their kind; everything
// else is answered as a server would.

export class StandInFaults {
  /** Appends that are stored and get no answer. */
  answersLost = 0;
  /** Appends that are neither stored nor answered. */
  appendsLost = 0;
  /** Appends that a server which is starting refuses. */
  appendsNotReady = 0;
  /** Appends answered as conflicts though stored, as after a failover. */
  repeatsRefused = 0;
  /** Appends whose answer says that they are stored, but not where. */
  positionsLost = 0;
  /** Reads that end with UNAVAILABLE. */
  readsUnavailable = 0;
  /** True when the log is so large that searching it for a stream's name ends in no time. */
  searchesEndless = false;
  /** Pause before each answer of an append. */
  answerDelayMs = 0;
  /** True when nothing is answered while the sockets stay open. */
  silent = false;

  /** Takes one of a count, when there is one. */
  take(
    fault:
      | 'answersLost'
      | 'appendsLost'
      | 'appendsNotReady'
      | 'repeatsRefused'
      | 'positionsLost'
      | 'readsUnavailable',
  ): boolean {
    if (this[fault] === 0) return false;
    this[fault] -= 1;
    return true;
  }
}
