// One customer's history as the verifier recomputes it: every stored event in order, every delta
// hashed again, until the first that does not fit.
import {
  CHECKPOINT_COMMITTED,
  CUSTOMER_FENCED,
  CUSTOMER_RECORD_OPENED,
  CUSTOMER_RELEASED,
  customerStream,
  DELTA_EMITTED,
  wholeCustomerEvent,
  type CustomerRecordOpened,
} from '@deltabook/domain';
import {
  bytesEqual,
  bytesOfHex,
  CHAIN_START,
  HASH_BYTES,
  ownText,
  parseSeal,
  recomputeDelta,
  type Sha256,
  type Sha256Hex,
} from '@deltabook/integrity';
import { NO_STREAM, type RecordedEvent } from '../ports/event-store.port';
import type {
  NewHashes,
  PlacedSeal,
  ReceiptPlace,
  VerificationStore,
  VerifiedCustomer,
} from '../ports/verification-store.port';
import { GrowingTree } from './growing-tree';

export interface HistoryParts {
  readonly store: Pick<VerificationStore, 'customerTile'>;
  readonly sha256: Sha256;
  readonly sha256Hex: Sha256Hex;
}

/** State of a customer of whom nothing was seen; the opening of the record names it. */
export function unseenCustomer(no: number, referenceHex: string): VerifiedCustomer {
  return {
    no,
    reference: `0x${referenceHex}`,
    scope: { tenant: '', environment: 'sandbox' },
    revision: NO_STREAM,
    point: CHAIN_START,
    tree: new Uint8Array(0),
    seal: undefined,
    signedSeal: undefined,
    failure: undefined,
    fenced: false,
  };
}

/** Changed in place: every delta changes it, and a copy each would be the dearest part of it. */
type State = { -readonly [Name in keyof VerifiedCustomer]: VerifiedCustomer[Name] };

export class CustomerHistory {
  /** True after a release: what was left out has to be read again. */
  needsReplay = false;
  /** Kept by those who hold it: is the next round to look at it, does the store lack it? */
  isWaiting = false;
  isChanged = false;
  readonly referenceHex: string;
  private readonly state: State;
  private tree: GrowingTree;
  /** Of the deltas verified since the last commit: the tree has a new leaf for each. */
  private newRevisions: number[] = [];

  constructor(
    state: VerifiedCustomer,
    private readonly parts: HistoryParts,
  ) {
    this.state = { ...state };
    this.referenceHex = ownText(state.reference.slice('0x'.length).toLowerCase());
    this.tree = this.treeOf(state.tree.length > 0 ? state.tree : undefined);
  }

  get stream(): string {
    return customerStream(this.state.reference);
  }

  get size(): number {
    return this.tree.size;
  }

  get known(): Omit<VerifiedCustomer, 'tree'> {
    return this.state;
  }

  /** True when there is something to seal, and nothing against it. */
  get isUnsealed(): boolean {
    const { seal, failure, fenced } = this.state;
    return !failure && !fenced && this.size > (seal?.size ?? 0);
  }

  /** True when its stream does not say yet that its history failed. */
  get isUnfenced(): boolean {
    return this.state.failure !== undefined && !this.state.fenced;
  }

  root(): Uint8Array {
    return this.tree.root();
  }

  /** What the store keeps of it. */
  toStore(): VerifiedCustomer {
    return { ...this.state, tree: this.tree.state() };
  }

  /** What came since the last call, which the caller commits. */
  takeNew(): { readonly hashes: readonly NewHashes[]; readonly receipts: readonly ReceiptPlace[] } {
    const hashes = this.tree.takeFresh();
    const revisions = this.newRevisions;
    this.newRevisions = [];
    const leaves = hashes.find(({ level }) => level === 0)?.bytes ?? NONE;
    const receipts = revisions.map((revision, i) => {
      const leafHash = leaves.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);
      return { leafHash, customerNo: this.state.no, revision };
    });
    return { hashes, receipts };
  }

  /** Begins anew, to be fed with the whole stream. Seals stay: the history must lead to them. */
  restart(): void {
    this.tree = this.treeOf(undefined);
    this.newRevisions = [];
    this.needsReplay = false;
    const { state } = this;
    state.revision = NO_STREAM;
    state.point = CHAIN_START;
    state.failure = undefined;
  }

  /**
   * Looks at the next event of the stream; one that was seen is passed over. Throws
   * UnreadableEventError for what a newer build wrote: that is no failure of the history.
   */
  take(recorded: RecordedEvent): void {
    const { revision } = recorded;
    if (revision <= this.state.revision) return;
    if (revision !== this.state.revision + 1) this.fail(['REVISION_GAP']);
    this.state.revision = revision;
    if (recorded.type === DELTA_EMITTED) this.takeDelta(recorded);
    else this.takeOther(recorded);
  }

  /**
   * Takes note of a seal. `made` here it needs no check; else the history must have led to it:
   * a sealed delta that is gone or another one now is found here.
   */
  takeSeal(seal: PlacedSeal, head: { readonly root: string; readonly made: boolean }): void {
    const before = this.state.seal;
    this.state.seal = seal;
    if (!head.made) this.compare(seal.size, head.root, (before?.size ?? 0) + 1);
  }

  /** The stream says it now: its next event, once followed, tells nothing new. */
  fencedByUs(): void {
    this.state.fenced = true;
  }

  /** After a replay: what was sealed must still be what the stream leads to. */
  endReplay(): void {
    this.needsReplay = false;
    const { seal } = this.state;
    const read = seal && parseSeal(seal.text);
    if (seal && read?.ok) this.compare(seal.size, read.value.root, 1);
  }

  /** Before the newest seal is replaced: keeps it where a head of `signedSize` seals covers it. */
  keepSigned(signedSize: number): void {
    const { seal } = this.state;
    if (seal && seal.index < signedSize) this.state.signedSeal = seal;
  }

  private takeDelta(recorded: RecordedEvent): void {
    const { point, reference, failure } = this.state;
    if (failure) return;
    const expected = { reference, previous: point };
    const recomputed = recomputeDelta(recorded.data, expected, this.parts.sha256Hex);
    if (!recomputed.ok) return this.fail(recomputed.problems);
    this.tree.append(recomputed.leafHash);
    this.state.point = recomputed.point;
    this.newRevisions.push(recorded.revision);
  }

  private takeOther(recorded: RecordedEvent): void {
    const event = wholeCustomerEvent(recorded.type, recorded.data);
    switch (event?.type) {
      case CUSTOMER_RECORD_OPENED:
        return this.open(event);
      case CUSTOMER_FENCED:
        this.state.fenced = true;
        return;
      case CUSTOMER_RELEASED:
        this.state.fenced = false;
        this.needsReplay = this.state.failure !== undefined;
        return;
      // It says again what the deltas say, which are recomputed.
      case CHECKPOINT_COMMITTED:
        return;
      case DELTA_EMITTED:
      case undefined:
        return this.fail(['UNREADABLE']);
    }
  }

  private open(event: CustomerRecordOpened): void {
    const { reference, tenant, environment } = event;
    const isOther = customerStream(reference) !== this.stream;
    if (isOther || this.state.revision !== 0) return this.fail(['OTHER_CUSTOMER']);
    this.state.reference = reference;
    this.state.scope = { tenant, environment };
  }

  private compare(size: number, root: string, fromSequence: number): void {
    if (this.state.failure) return;
    if (size > this.size) this.fail(['SEALED_DELTAS_MISSING'], this.size + 1);
    else if (!bytesEqual(this.tree.rootAt(size), bytesOfHex(root.slice(2)) ?? NONE)) {
      this.fail(['SEALED_ROOT_MISMATCH'], fromSequence);
    }
  }

  private fail(problems: readonly string[], fromSequence = this.state.point.sequence + 1): void {
    if (this.state.failure) return;
    this.state.failure = { fromSequence, problems };
  }

  private treeOf(state: Uint8Array | undefined): GrowingTree {
    const { store, sha256 } = this.parts;
    const { no } = this.state;
    return new GrowingTree({ state, storedTile: (tile) => store.customerTile(no, tile), sha256 });
  }
}

const NONE = new Uint8Array(0);
