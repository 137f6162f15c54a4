// One customer's commands: decided together against one state, appended as one batch, one batch at
// a time. This is what makes a hot customer as fast as many customers, and every sequence gapless.
import { customerStream, type CustomerIdentity } from '@deltabook/domain';
import type { Sha256Hex } from '@deltabook/integrity';
import type { CustomerNames } from '../commands/emit-delta/emit-delta.command';
import {
  NO_STREAM,
  type AppendOutcome,
  type Position,
  type StreamAppend,
} from '../ports/event-store.port';
import type { ReadStore } from '../ports/read-store.port';
import type { CommitQueue } from './commit-queue';
import type { CustomerLoader } from './customer-loader';
import { CustomerState } from './customer-state';
import { HeldReplies } from './held-replies';
import { MailboxAppends } from './mailbox-appends';
import { REFUSAL_OF_OUTCOME, settleProposal, type ProposalOutcome, type Propose } from './proposal';
import type { RecentKeys } from './recent-keys';
import {
  eachEmittedKey,
  refuseAll,
  refuseHeld,
  settleAppended,
  settleUnappended,
  type PendingCommand,
  type Round,
} from './round';
import { RoundDecider } from './round-decider';
import { WaitingCommands } from './waiting-commands';

export interface MailboxLimits {
  readonly batchCountMax: number;
  readonly batchBytesMax: number;
  readonly conflictRetriesMax: number;
  /** How long an append of unknown outcome is repeated before its commands get 503. */
  readonly unknownRetryMs: number;
  readonly unknownRetryDelayMs: number;
  /** How long after a conflict a customer counts as written to by other processes too. */
  readonly sharedCustomerMs: number;
}

/** What all mailboxes of a process share. */
export interface MailboxServices {
  readonly loader: CustomerLoader;
  readonly commitQueue: CommitQueue;
  readonly recentKeys: RecentKeys;
  readonly readStore: Pick<ReadStore, 'mayHaveKey' | 'projectedPosition'>;
  readonly sha256Hex: Sha256Hex;
  readonly limits: MailboxLimits;
  /** Milliseconds of a monotonic clock. */
  readonly elapsedMs: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly onConflict: () => void;
}

interface PendingProposal {
  readonly propose: Propose;
  readonly metadata: string;
  readonly settle: (outcome: ProposalOutcome) => void;
}

/** Upper bound of the bytes that a proposal's events take: amounts, hashes, times. */
export const PROPOSAL_BYTES_MAX = 2_048;

export class Mailbox {
  private readonly waiting: WaitingCommands;
  private readonly proposals: PendingProposal[] = [];
  private readonly state: CustomerState;
  private readonly decider: RoundDecider;
  private readonly appends: MailboxAppends;
  private readonly replies = new HeldReplies();
  private working = false;
  private usedSinceAsked = true;
  private readonly stream: string;

  constructor(
    readonly names: CustomerNames,
    private readonly identity: CustomerIdentity,
    private readonly services: MailboxServices,
  ) {
    this.stream = customerStream(names.reference);
    const { loader, limits, elapsedMs } = services;
    const { sharedCustomerMs } = limits;
    this.state = new CustomerState(names.reference, { loader, elapsedMs, sharedCustomerMs });
    this.decider = new RoundDecider(identity, services, () => this.replies.tell());
    this.appends = new MailboxAppends(identity.tenant, services);
    this.waiting = new WaitingCommands(limits);
  }

  /** True when it was used since this was last asked, has work, or an append in doubt. */
  takeInUse(): boolean {
    const used = this.usedSinceAsked;
    this.usedSinceAsked = false;
    return used || this.working || this.waitingCount > 0 || this.appends.isInDoubt;
  }

  get waitingCount(): number {
    return this.waiting.length + this.proposals.length;
  }

  submit(pending: PendingCommand): void {
    this.add(pending);
    this.start();
  }

  /** Puts a command in line; it is decided once start() is called, with all that were added. */
  add(pending: PendingCommand): void {
    this.waiting.add(pending);
    this.usedSinceAsked = true;
  }

  /** Appends what is no delta, in between batches; `metadata` of its events. Never rejects. */
  propose(propose: Propose, metadata: string): Promise<ProposalOutcome> {
    return new Promise((settle) => {
      this.proposals.push({ propose, metadata, settle });
      this.usedSinceAsked = true;
      this.start();
    });
  }

  start(): void {
    if (this.working) return;
    this.working = true;
    void this.work();
  }

  private async work(): Promise<void> {
    while (this.waitingCount > 0) {
      const proposal = this.proposals.shift();
      if (proposal) this.replies.tell();
      if (proposal) proposal.settle(await this.settleProposal(proposal));
      const batch = refuseHeld(this.waiting.take());
      if (batch.length === 0) continue;
      try {
        await this.answer(batch);
      } catch {
        // The stores failed while reading: nothing of this batch was appended.
        this.state.forget();
        refuseAll(batch, 'STORE_UNAVAILABLE');
      }
    }
    this.replies.tell();
    this.working = false;
  }

  private settleProposal({ propose, metadata }: PendingProposal): Promise<ProposalOutcome> {
    const { limits, onConflict } = this.services;
    return settleProposal(propose, {
      state: this.state,
      conflictRetriesMax: limits.conflictRetriesMax,
      onConflict,
      settleDoubt: () => this.settleDoubt(),
      append: async (start, texts) => {
        const events = texts.map((text) => ({ ...text, metadata }));
        const append = this.appendOf({ start, events });
        const first = await this.append(append, PROPOSAL_BYTES_MAX);
        return this.appends.insist(first, append, PROPOSAL_BYTES_MAX);
      },
    });
  }

  /** Answers all of the batch, and what joins it while it has to be decided again. */
  private async answer(batch: PendingCommand[]): Promise<void> {
    const isCertain = !this.appends.isInDoubt || (await this.settleDoubt());
    if (!isCertain) return refuseAll(batch, 'STORE_UNAVAILABLE');
    const { conflictRetriesMax } = this.services.limits;
    for (let attempt = 0; attempt <= conflictRetriesMax; attempt += 1) {
      // Nobody is to wait for a read that is about somebody else's delta.
      if (!this.state.isCurrent) this.replies.tell();
      const customer = await this.state.current();
      this.join(batch);
      const round = await this.decider.decide(batch, customer);
      if (round.events.length === 0) return this.settle(round, undefined);
      const append = this.appendOf(round);
      let outcome = await this.append(append, round.byteCount);
      if (outcome.kind === 'unknown') {
        outcome = await this.appends.insist(outcome, append, round.byteCount);
      }
      if (outcome.kind !== 'conflict') return this.settle(round, outcome);
      this.services.onConflict();
      this.state.fellBehind();
    }
    refuseAll(batch, 'CONTENTION');
  }

  /** Lets commands that came meanwhile be decided with the batch. */
  private join(batch: PendingCommand[]): void {
    if (this.waiting.length > 0) batch.push(...refuseHeld(this.waiting.take(batch)));
  }

  private appendOf({ start, events }: Pick<Round, 'start' | 'events'>): StreamAppend {
    const expectedRevision = start.status === 'open' ? start.revision : NO_STREAM;
    return { stream: this.stream, expectedRevision, events };
  }

  private append(append: StreamAppend, byteCount: number): Promise<AppendOutcome> {
    const outcome = this.appends.append(append, byteCount);
    this.replies.tellSoon();
    return outcome;
  }

  /** True once no append is in doubt; after one that was, the state is read again. */
  private async settleDoubt(): Promise<boolean> {
    if (!this.appends.isInDoubt) return true;
    this.replies.tell();
    const isSettled = await this.appends.settleDoubt();
    if (isSettled) this.state.forget();
    return isSettled;
  }

  private settle(round: Round, outcome: AppendOutcome | undefined): void {
    if (outcome === undefined) return this.settleAt(round, this.newestPosition());
    if (outcome.kind === 'appended') {
      this.remember(round, outcome.position);
      return this.settleAt(round, outcome.position);
    }
    if (outcome.kind === 'conflict') return;
    if (outcome.kind === 'unknown') this.state.forget();
    const code = REFUSAL_OF_OUTCOME[outcome.kind];
    settleUnappended(round, this.names, { code, newest: this.newestPosition() });
  }

  private settleAt(round: Round, position: Position): void {
    const newest = this.newestPosition();
    const tell = (): void => settleAppended(round, this.names, { position, newest });
    this.replies.hold(tell, this.waiting.length > 0);
  }

  private remember(round: Round, position: Position): void {
    const { recentKeys } = this.services;
    this.state.advance(round.customer);
    eachEmittedKey(round, (key, revision) => recentKeys.remember(key, revision, position));
  }

  /** What a read must reach to see everything this process knows to be stored. */
  private newestPosition(): Position {
    const { commitQueue, readStore } = this.services;
    const projected = readStore.projectedPosition();
    return commitQueue.newestPosition > projected ? commitQueue.newestPosition : projected;
  }
}
