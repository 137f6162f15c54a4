// The verifier's pace: at once when idle, a round every so often under load, and while it catches
// up with an old log only commits, since what follows there is mostly sealed already.
import {
  LOG_START,
  type EventStore,
  type LogBatch,
  type Position,
} from '../ports/event-store.port';
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

/** Those who wait until what was verified is committed. */
export interface CommitRequests {
  readonly isAsked: boolean;
  /** All that was verified so far is committed. */
  answer(): void;
}

export interface VerifierRun {
  readonly verifier: Verifier;
  readonly log: Pick<EventStore, 'follow' | 'head'>;
  /** Least time between two rounds. */
  readonly roundMs: number;
  /** Least time between two commits that nobody asked for. */
  readonly commitMs: number;
  /** Customers changed, and events looked at, before a commit is made at once. */
  readonly changedMax: number;
  readonly takenMax: number;
  readonly signal: AbortSignal;
  readonly elapsedMs: () => number;
  readonly commits: CommitRequests;
  /** Resolves after `ms`, once the signal aborts, or when a commit is asked for. */
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
  let next: Promise<Next> | undefined;
  try {
    while (!signal.aborted) {
      const waitMs = rounds.waitMs();
      // Not before: what is asked for during a pause is what there was when it began.
      next ??= batches.next();
      // With nothing to do it waits for events alone; else no longer than until something is due.
      const batch = await (waitMs === undefined ? next : Promise.race([next, run.pause(waitMs)]));
      if (batch?.done) return;
      if (batch) {
        next = undefined;
        await rounds.take(batch.value);
      }
      await rounds.go();
    }
  } finally {
    // Whoever called ends the following, and nobody waits for its last answer.
    next?.catch(() => undefined);
  }
}

/** When a round or a commit is due, and both of them. */
class Rounds {
  private caughtUp = false;
  /** True once what was in the log at the start has been seen. */
  private isCurrent = false;
  private roundedAt = -Infinity;
  private committedAt = -Infinity;
  private told: Position = LOG_START;

  constructor(
    private readonly run: VerifierRun,
    private readonly end: Position,
  ) {}

  /** Undefined while only events can bring work. */
  waitMs(): number | undefined {
    const { verifier } = this.run;
    if (!this.caughtUp || !this.isCurrent) return undefined;
    if (verifier.isCommitting) return 0;
    const dueAt = Math.min(
      verifier.hasWork ? this.roundDueAt : Infinity,
      verifier.isChanged ? this.commitDueAt : Infinity,
    );
    return dueAt === Infinity ? undefined : Math.max(0, dueAt - this.run.elapsedMs());
  }

  async take(batch: LogBatch): Promise<void> {
    await this.run.verifier.take(batch);
    const { position, caughtUp } = batch;
    this.caughtUp = caughtUp;
    this.isCurrent ||= caughtUp || position >= this.end;
  }

  async go(): Promise<void> {
    const { verifier, roundMs, elapsedMs, pause } = this.run;
    if (!this.isCurrent) {
      if (this.isFull) verifier.setAside();
      return;
    }
    const { isRoundDue } = this;
    if (isRoundDue) await this.round();
    await this.keep();
    if (this.isUntold) await this.tell();
    // Events that come meanwhile are taken together: each look at the log has its price.
    const restMs = this.roundedAt + roundMs - elapsedMs();
    if (isRoundDue && this.caughtUp && restMs > 0) await pause(restMs);
  }

  /** True once its own seals, come by, were all that was missing. */
  private get isUntold(): boolean {
    const { verifier } = this.run;
    return verifier.position > this.told && !verifier.hasWork;
  }

  private get isFull(): boolean {
    const { verifier, changedMax, takenMax } = this.run;
    return verifier.changedCount >= changedMax || verifier.takenCount >= takenMax;
  }

  private get isRoundDue(): boolean {
    const { verifier, elapsedMs, roundMs } = this.run;
    const overdueMs = elapsedMs() - this.roundDueAt;
    // What has come is in it as a whole, unless that takes too long.
    const isDue = this.isFull || overdueMs >= (this.caughtUp ? 0 : roundMs);
    return isDue && verifier.hasWork;
  }

  private get roundDueAt(): number {
    return this.roundedAt + this.run.roundMs;
  }

  private get commitDueAt(): number {
    const { commits, commitMs, roundMs } = this.run;
    return this.committedAt + (commits.isAsked ? roundMs : commitMs);
  }

  private async round(): Promise<void> {
    const { verifier, elapsedMs } = this.run;
    this.roundedAt = elapsedMs();
    await verifier.round();
    await this.tell();
  }

  /** Commits when that is due: in steps between the rounds, unless somebody waits for it. */
  private async keep(): Promise<void> {
    const { verifier, commits, elapsedMs } = this.run;
    const isDue = elapsedMs() >= this.commitDueAt;
    if (this.isFull || (isDue && commits.isAsked)) return this.commit();
    if (!verifier.isChanged || (!isDue && !verifier.isCommitting)) return;
    verifier.commitStep();
    if (verifier.isCommitting) return;
    this.committedAt = elapsedMs();
    await this.tell();
  }

  private async commit(): Promise<void> {
    const { verifier, commits, elapsedMs } = this.run;
    const { isChanged } = verifier;
    if (isChanged) verifier.commit();
    this.committedAt = elapsedMs();
    if (commits.isAsked) commits.answer();
    // What others appended, a fencing or a release, is known now and needed no round.
    if (isChanged) await this.tell();
  }

  private async tell(): Promise<void> {
    const { verifier, log, onProgress } = this.run;
    this.told = verifier.position;
    onProgress({ position: this.told, head: await log.head() });
  }
}
