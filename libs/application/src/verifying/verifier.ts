// The verifier: recomputes what is followed of the log, fences whom it must, seals the heads of
// everyone touched, and signs. A round is: fence, append seals, sign exactly those that are
// stored, append the signed head. What is kept behind the log is committed now and then: a busy
// customer's row is written once for many rounds.
import { referenceHexOfStream, sealStream } from '@deltabook/domain';
import type { Sha256Hex } from '@deltabook/integrity';
import {
  STREAM_PAGE_MAX,
  type EventStore,
  type LogBatch,
  type Position,
  type RecordedEvent,
} from '../ports/event-store.port';
import type { VerificationStore } from '../ports/verification-store.port';
import { CustomerHistories } from './customer-histories';
import type { CustomerHistory } from './customer-history';
import { fenceCustomer, type FenceParts } from './fence-customer';
import { SealLogs, type SealLogsParts, type SealTaken } from './seal-logs';

/** Customers of a backlog that are sealed in one round. */
const BACKLOG_CUSTOMERS_PER_ROUND = 20_000;
/** Steps of a commit that is made between rounds, and customers that a step writes at least. */
const COMMIT_STEPS = 8;
const COMMIT_STEP_CUSTOMERS_MIN = 250;

/** A commit in steps: whom it has still to write, and what it keeps with the last of them. */
interface CommitUnderWay {
  readonly left: CustomerHistory[];
  readonly perStep: number;
  readonly position: Position;
  readonly sealLogs: ReturnType<SealLogs['takeTouched']>;
}

export interface VerifierParts extends FenceParts, SealLogsParts {
  readonly store: VerificationStore;
  readonly log: Pick<EventStore, 'append' | 'readStream'>;
  readonly sha256Hex: Sha256Hex;
  readonly customersCachedMax: number;
}

export class Verifier {
  private readonly histories: CustomerHistories;
  private readonly sealLogs: SealLogs;
  private seen: Position;
  private sealedThrough: Position;
  private taken = 0;
  private committing: CommitUnderWay | undefined;
  /** True until everyone whom an earlier round or run left unsealed is found. */
  private hasBacklog = true;

  constructor(private readonly parts: VerifierParts) {
    this.histories = new CustomerHistories(parts, parts.customersCachedMax);
    this.sealLogs = new SealLogs(parts, (taken) => this.takeSeal(taken));
    this.seen = parts.store.position;
    this.sealedThrough = parts.store.position;
  }

  /** Everything up to here is verified, and sealed where it could be. */
  get position(): Position {
    // Its own seals come by after the round that made them, and need no other.
    return this.hasWork ? this.sealedThrough : this.seen;
  }

  /** Seals made by this process. */
  get sealedCount(): number {
    return this.sealLogs.madeCount;
  }

  /** True when a round has something to do. */
  get hasWork(): boolean {
    return this.hasBacklog || this.sealLogs.hasUnsigned || this.histories.hasWork;
  }

  /** Customers that the next commit writes. */
  get changedCount(): number {
    return this.histories.changedCount + (this.committing?.left.length ?? 0);
  }

  /** Events looked at since the last commit. */
  get takenCount(): number {
    return this.taken;
  }

  /** True when a commit has something to write beyond the position. */
  get isChanged(): boolean {
    return this.isCommitting || this.changedCount > 0 || this.sealLogs.isTouched;
  }

  /** True while steps of a commit are left. */
  get isCommitting(): boolean {
    return this.committing !== undefined;
  }

  /** Looks at followed events. Throws UnreadableEventError at one that a newer build wrote. */
  async take({ events, position }: LogBatch): Promise<void> {
    for (const event of events) {
      if (event.position <= this.seen) continue;
      const referenceHex = referenceHexOfStream(event.stream);
      if (referenceHex === undefined) this.sealLogs.take(event);
      else await this.takeCustomerEvent(referenceHex, event);
      this.seen = event.position;
      this.taken += 1;
    }
    if (position > this.seen) this.seen = position;
  }

  /** One round, to be called when the log is caught up with, or now and then under load. */
  async round(): Promise<void> {
    this.findBacklog();
    const waiting = this.histories.waitingOnes();
    const failed = waiting.filter((history) => history.isUnfenced);
    for (const history of failed) await fenceCustomer(history, this.parts);
    for (const [stream, histories] of this.unsealedByStream(waiting)) {
      await this.sealLogs.seal(stream, histories);
    }
    await this.sealLogs.sign();
    this.histories.keepWaiting((one) => one.isUnfenced || this.isSealable(one));
    this.sealedThrough = this.seen;
    // How many are fenced is counted in the store.
    if (failed.length > 0) this.commit();
  }

  /** Commits while much is still to be caught up: who is unsealed is found in the store later. */
  setAside(): void {
    this.commit();
    this.histories.keepWaiting(() => false);
    this.hasBacklog = true;
  }

  /** Keeps all that was verified. */
  commit(): void {
    const { left, position, sealLogs } = this.beginCommit();
    this.write(left, { position, sealLogs });
    this.committing = undefined;
  }

  /**
   * Begins to keep what was verified, or goes on with it, so far that the next round is not held
   * up. Who was written before the position is, is passed over when the log is followed again.
   */
  commitStep(): void {
    this.committing ??= this.beginCommit();
    const { left, perStep, position, sealLogs } = this.committing;
    const step = left.splice(0, perStep);
    if (left.length > 0) return this.write(step);
    this.write(step, { position, sealLogs });
    this.committing = undefined;
  }

  private beginCommit(): CommitUnderWay {
    this.taken = 0;
    const left = [...(this.committing?.left ?? []), ...this.histories.takeChanged()];
    const perStep = Math.max(COMMIT_STEP_CUSTOMERS_MIN, Math.ceil(left.length / COMMIT_STEPS));
    const touched = this.sealLogs.takeTouched();
    const before = this.committing?.sealLogs ?? [];
    const others = before.filter(({ of }) => touched.every((one) => one.of !== of));
    return { left, perStep, position: this.seen, sealLogs: [...others, ...touched] };
  }

  private write(
    customers: readonly CustomerHistory[],
    end?: Pick<CommitUnderWay, 'position' | 'sealLogs'>,
  ): void {
    const sealLogs = end?.sealLogs ?? [];
    const fresh = customers.map((history) => ({ no: history.known.no, ...history.takeNew() }));
    this.parts.store.commit({
      position: end?.position,
      customers: customers.map((history) => history.toStore()),
      sealLogs: sealLogs.map(({ state }) => state),
      customerHashes: fresh.flatMap(({ no, hashes }) => hashes.map((one) => [no, one] as const)),
      sealHashes: sealLogs.flatMap(({ of }) =>
        of.takeFresh().map((hashes) => [of.no, hashes] as const),
      ),
      receipts: fresh.flatMap(({ receipts }) => receipts),
    });
    this.histories.committed(customers);
  }

  private findBacklog(): void {
    if (!this.hasBacklog) return;
    const { store } = this.parts;
    // Who was sealed since the last commit is not found again.
    this.commit();
    const unsealed = store.unsealed(BACKLOG_CUSTOMERS_PER_ROUND);
    for (const { reference } of [...unsealed, ...store.unfenced()]) this.histories.touch(reference);
    this.hasBacklog = unsealed.length === BACKLOG_CUSTOMERS_PER_ROUND;
  }

  private async takeCustomerEvent(referenceHex: string, event: RecordedEvent): Promise<void> {
    const history = this.histories.get(referenceHex);
    history.take(event);
    if (history.needsReplay) await this.replay(history);
  }

  /** After a release: the whole stream again, up to where it was followed. */
  private async replay(history: CustomerHistory): Promise<void> {
    const { log } = this.parts;
    const { revision: end } = history.known;
    history.restart();
    for (let from = 0; from <= end;) {
      const limit = Math.min(STREAM_PAGE_MAX, end - from + 1);
      const page = await log.readStream(history.stream, { from, direction: 'forwards', limit });
      if (page.length === 0) break;
      for (const recorded of page) history.take(recorded);
      from += page.length;
    }
    history.endReplay();
  }

  private takeSeal({ reference, seal, root, made, signedSize }: SealTaken): void {
    const history = this.histories.touch(reference);
    history.keepSigned(signedSize);
    history.takeSeal(seal, { root, made });
  }

  private isSealable(history: CustomerHistory): boolean {
    return history.isUnsealed && this.sealLogs.canSeal(sealStream(history.known.scope));
  }

  private unsealedByStream(
    waiting: readonly CustomerHistory[],
  ): ReadonlyMap<string, readonly CustomerHistory[]> {
    const byStream = new Map<string, CustomerHistory[]>();
    for (const history of waiting) {
      if (!this.isSealable(history)) continue;
      const stream = sealStream(history.known.scope);
      const others = byStream.get(stream);
      if (others) others.push(history);
      else byStream.set(stream, [history]);
    }
    return byStream;
  }
}
