// One customer's history as an audit replays it, from the stored bytes alone: every delta hashed
// again, the row that it leads to, and whether it still leads to the tree that was sealed. It
// shares no fold with the projections and no state with the verifier.
import {
  CHECKPOINT_COMMITTED,
  checkpointId,
  CUSTOMER_FENCED,
  CUSTOMER_RECORD_OPENED,
  CUSTOMER_RELEASED,
  customerStream,
  DELTA_EMITTED,
  nanoOf,
  parseCustomerEvent,
  recordIdPrefix,
  type CheckpointCommitted,
  type CustomerEvent,
  type CustomerRecordOpened,
} from '@deltabook/domain';
import {
  CHAIN_START,
  hexOf,
  MerkleTree,
  recomputeDelta,
  type ChainPoint,
  type Leaf,
} from '@deltabook/integrity';
import { NO_STREAM, type RecordedEvent } from '../ports/event-store.port';
import type { VerificationFailure } from '../ports/verification-store.port';
import type { CheckpointRow } from '../read-models/checkpoint-rows';
import type { CustomerRow, SealedHead } from '../read-models/rows';
import type { AuditedIdentity } from './audit-report';
import type { AuditedState, AuditHashes } from './audited-state';
import { CheckpointChain } from './checkpoint-chain';
import { MonthEnds } from './month-ends';

/** Problem of an event that this build cannot read: damaged, or of a newer build. */
export const UNKNOWN_EVENT = 'UNKNOWN_EVENT';

export class AuditedCustomer {
  private opened: CustomerRecordOpened | undefined;
  private reference: string;
  private failed: VerificationFailure | undefined;
  private point: ChainPoint = CHAIN_START;
  private revision = NO_STREAM;
  private lastRecordedAt = 0;
  private firstActivity: number | null = null;
  private lastActivity: number | null = null;
  private fencedFrom: number | null = null;
  private isFenced = false;
  private verified: SealedHead | undefined;
  private latestCheckpoint: string | null = null;
  private readonly monthEnds = new MonthEnds();
  private readonly checkpoints: CheckpointChain;
  private readonly tree: MerkleTree;

  private sealed: SealedHead | undefined;

  constructor(
    private readonly referenceHex: string,
    private readonly hashes: AuditHashes,
  ) {
    this.tree = MerkleTree.empty(hashes.sha256);
    this.checkpoints = new CheckpointChain(hashes.sha256Hex);
    this.reference = `0x${referenceHex}`;
  }

  get identity(): AuditedIdentity {
    if (!this.opened) return { reference: this.reference };
    const { reference, tenant, environment, customerId } = this.opened;
    return { reference, tenant, environment, customerId };
  }

  /** What fails and from which sequence on; undefined while all is well. */
  get failure(): VerificationFailure | undefined {
    return this.failed;
  }

  /** Deltas that recompute. */
  get size(): number {
    return this.tree.size;
  }

  state(): AuditedState {
    return {
      identity: this.identity,
      revision: this.revision,
      recordedAt: this.lastRecordedAt,
      size: this.size,
      fenced: this.isFenced,
      failure: this.failed,
    };
  }

  /** Looks at the next event of the stream; one that was seen is passed over. */
  take(recorded: RecordedEvent): void {
    const { revision } = recorded;
    if (revision <= this.revision) return;
    if (revision !== this.revision + 1) this.fail(['REVISION_GAP']);
    this.revision = revision;
    if (recorded.type === DELTA_EMITTED) this.takeDelta(recorded.data);
    else this.takeOther(recorded);
  }

  /** Its newest seal by now. */
  takeVerified(verified: SealedHead): void {
    this.verified = verified;
  }

  /** Begins a round, maybe with a history that another one has recomputed. */
  resume(sealed: SealedHead | undefined, verified: SealedHead | undefined): void {
    this.sealed = sealed;
    this.verified = verified;
    this.compareRoot();
  }

  /** After the last event: what was sealed must be there, if the seal logs are to be believed. */
  endHistory(sealsHold: boolean): void {
    if (sealsHold && (this.verified?.size ?? 0) > this.size) {
      this.fail(['SEALED_DELTAS_MISSING'], this.size + 1);
    }
  }

  /** The row that the history leads to; undefined when it fails or was never opened. */
  row(): CustomerRow | undefined {
    if (!this.opened || this.failed) return undefined;
    const { reference, tenant, environment, customerId } = this.opened;
    const { sequence, balanceNano, receiptId } = this.point;
    const verified = this.verified ?? { size: 0, sealedAt: null, root: null };
    return {
      reference,
      tenant,
      environment,
      customerId,
      revision: this.revision,
      totalDeltas: sequence,
      balanceNano,
      lastReceiptId: receiptId,
      lastRecordedAt: this.lastRecordedAt,
      firstActivity: this.firstActivity,
      lastActivity: this.lastActivity,
      latestCheckpoint: this.latestCheckpoint,
      fenced: this.isFenced,
      fencedFromSequence: this.fencedFrom,
      verifiedDeltas: verified.size,
      sealedAt: verified.sealedAt,
      sealedRoot: verified.root,
    };
  }

  /** One line where what is served of its checkpoints, in order, is not what the history has. */
  checkpointDifference(served: readonly CheckpointRow[]): string | undefined {
    return this.checkpoints.difference(served);
  }

  private takeDelta(data: string): void {
    if (this.failed) return;
    const expected = { reference: this.reference, previous: this.point };
    const recomputed = recomputeDelta(data, expected, this.hashes.sha256Hex);
    if (!recomputed.ok) return this.fail(recomputed.problems);
    this.point = recomputed.point;
    this.tree.append(recomputed.leafHash);
    this.monthEnds.take(recomputed.leaf.recordedAt, recomputed.point);
    this.takeTimes(recomputed.leaf);
    this.compareRoot();
  }

  private compareRoot(): void {
    const { sealed } = this;
    if (sealed?.size === this.size && `0x${hexOf(this.tree.root())}` !== sealed.root) {
      this.fail(['SEALED_ROOT_MISMATCH'], 1);
    }
  }

  private takeTimes({ recordedAt, occurredAt }: Leaf): void {
    const recorded = Date.parse(recordedAt);
    const activity = occurredAt === '' ? recorded : Date.parse(occurredAt);
    this.advanceTo(recorded);
    this.firstActivity = Math.min(this.firstActivity ?? activity, activity);
    this.lastActivity = Math.max(this.lastActivity ?? activity, activity);
  }

  private takeOther(recorded: RecordedEvent): void {
    const event = readEvent(recorded);
    switch (event?.type) {
      case CUSTOMER_RECORD_OPENED:
        return this.open(event);
      case CUSTOMER_FENCED:
        this.isFenced = true;
        this.fencedFrom = event.fromSequence;
        return this.advanceTo(Date.parse(event.fencedAt));
      case CUSTOMER_RELEASED:
        this.isFenced = false;
        this.fencedFrom = null;
        return this.advanceTo(Date.parse(event.releasedAt));
      case CHECKPOINT_COMMITTED:
        return this.takeCheckpoint(event);
      case DELTA_EMITTED:
        return this.fail(['UNREADABLE']);
      case undefined:
        return this.fail([UNKNOWN_EVENT]);
    }
  }

  /** It has to lock what the history led to; of a running month it may be anywhere in it. */
  private takeCheckpoint(event: CheckpointCommitted): void {
    const { sequence, balance, proofRoot, committedAt } = event;
    const locked = this.monthEnds.find(sequence);
    const isOther =
      locked && (locked.balanceNano !== nanoOf(balance) || locked.receiptId !== proofRoot);
    const last = this.point.sequence;
    if (isOther || sequence > last) this.fail(['CHECKPOINT_MISMATCH'], Math.min(sequence, last));
    const prefix = recordIdPrefix(this.reference);
    this.latestCheckpoint = checkpointId(prefix, this.revision);
    if (this.opened) this.checkpoints.take(this.opened, event, this.revision);
    this.advanceTo(Date.parse(committedAt));
  }

  private open(event: CustomerRecordOpened): void {
    const isOther = customerStream(event.reference) !== `customer-${this.referenceHex}`;
    if (isOther || this.revision !== 0) return this.fail(['OTHER_CUSTOMER']);
    this.opened = event;
    this.reference = event.reference;
    this.advanceTo(Date.parse(event.openedAt));
  }

  private advanceTo(time: number): void {
    this.lastRecordedAt = Math.max(this.lastRecordedAt, time);
  }

  private fail(problems: readonly string[], fromSequence = this.point.sequence + 1): void {
    this.failed ??= { fromSequence, problems };
  }
}

/** Undefined when the text is none that this build knows. */
function readEvent({ type, data }: RecordedEvent): CustomerEvent | undefined {
  try {
    return parseCustomerEvent(type, data);
  } catch {
    return undefined;
  }
}
