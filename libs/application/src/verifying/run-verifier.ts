// The verifier's pace: at once when idle, a round every so often under load, and while it catches
// up with an old log only commits, since what follows there is mostly sealed already.
import type { EventStore, LogBatch, Position } from '../ports/event-store.port';
import type { Verifier } from './verifier';

/** Streams that the verifier follows. */
const VERIFIED_STREAM_PREFIXES = ['customer-', 'seals-'] as const;
/** Events read from the log at once. */
const READ_COUNT_MAX = 1_000;

export interface VerifierProgress {
  /** Everything up to here is verified and sealed. */
  readonly position: Position;
  readonly head: Position;
}

export interface VerifierRun {
  readonly verifier: Verifier;
  readonly log: Pick<EventStore, 'follow' | 'head'>;
  /** Least time between two rounds. */
  readonly roundMs: number;
  /** Customers touched before a commit is made while catching up. */
  readonly touchedMax: number;
  readonly signal: AbortSignal;
  readonly elapsedMs: () => number;
  /** Resolves after `ms`, or once the signal aborts. */
  readonly pause: (ms: number) => Promise<void>;
  readonly onProgress: (progress: VerifierProgress) => void;
}

type Next = IteratorResult<LogBatch, unknown>;

/** Follows the log until the signal aborts; throws what the log or an event makes it throw. */
export async function runVerifier(run: VerifierRun): Promise<void> {
  const { verifier, log, signal } = run;
  const end = await log.head();
  const batches = log
    .follow({
      after: verifier.position,
      streamPrefixes: VERIFIED_STREAM_PREFIXES,
      batchCountMax: READ_COUNT_MAX,
      signal,
    })
    [Symbol.asyncIterator]();
  const rounds = new Rounds(run, end);
  let next: Promise<Next> = batches.next();
  try {
    while (!signal.aborted) {
      const waitMs = rounds.waitMs();
      // With nothing to do it waits for events alone; else no longer than until a round is due.
      const batch = await (waitMs === undefined ? next : Promise.race([next, run.pause(waitMs)]));
      if (batch?.done) return;
      if (batch) {
        await rounds.take(batch.value);
        next = batches.next();
      }
      await rounds.go();
    }
  } finally {
    // Whoever called ends the following, and nobody waits for its last answer.
    next.catch(() => undefined);
  }
}

/** When a round is due, and the round. */
class Rounds {
  private caughtUp = false;
  /** True once what was in the log at the start has been seen. */
  private isCurrent = false;
  private dueAt: number;

  constructor(
    private readonly run: VerifierRun,
    private readonly end: Position,
  ) {
    this.dueAt = run.elapsedMs();
  }

  /** Undefined while only events can bring work. */
  waitMs(): number | undefined {
    const { verifier, elapsedMs } = this.run;
    if (!this.caughtUp || !this.isCurrent || !verifier.hasWork) return undefined;
    return Math.max(0, this.dueAt - elapsedMs());
  }

  async take(batch: LogBatch): Promise<void> {
    await this.run.verifier.take(batch);
    const { position, caughtUp } = batch;
    this.caughtUp = caughtUp;
    this.isCurrent ||= caughtUp || position >= this.end;
  }

  async go(): Promise<void> {
    const { verifier, log, touchedMax, roundMs, elapsedMs, onProgress } = this.run;
    const isFull = verifier.touchedCount >= touchedMax;
    if (!this.isCurrent) {
      if (isFull) verifier.commit();
      return;
    }
    if (!verifier.hasWork || (!isFull && elapsedMs() < this.dueAt)) return;
    await verifier.round();
    onProgress({ position: verifier.position, head: await log.head() });
    this.dueAt = elapsedMs() + roundMs;
  }
}
