// One seal log as the verifier follows it: the tree over the stored seals, and its newest head.
import {
  DELTAS_VERIFIED,
  sealStream,
  wholeSealEvent,
  type DeltasVerified,
  type SealScope,
} from '@deltabook/domain';
import { hashLeaf, sealText, utf8, type Sha256 } from '@deltabook/integrity';
import type { RecordedEvent } from '../ports/event-store.port';
import type {
  PlacedSeal,
  SealLogState,
  SignedHead,
  VerificationStore,
} from '../ports/verification-store.port';
import { GrowingTree } from './growing-tree';

/** The stored seals do not follow one another: the log cannot be signed any more. */
export class BrokenSealLogError extends Error {
  readonly code = 'SEAL_LOG_BROKEN';
}

export type OnSeal = (reference: string, seal: PlacedSeal, root: string) => void;

export interface SealLogParts {
  readonly store: Pick<VerificationStore, 'sealTile'>;
  readonly sha256: Sha256;
}

export class SealLog {
  readonly stream: string;
  readonly scope: SealScope;
  private readonly tree: GrowingTree;
  private current: { readonly revision: number; readonly head: SignedHead | undefined };

  constructor(
    private readonly initial: SealLogState,
    private readonly parts: SealLogParts,
  ) {
    const { scope, revision, head, tree, no } = initial;
    this.scope = scope;
    this.stream = sealStream(scope);
    this.current = { revision, head };
    this.tree = new GrowingTree({
      state: tree.length > 0 ? tree : undefined,
      storedTile: (tile) => parts.store.sealTile(no, tile),
      sha256: parts.sha256,
    });
  }

  get no(): number {
    return this.initial.no;
  }

  get revision(): number {
    return this.current.revision;
  }

  get head(): SignedHead | undefined {
    return this.current.head;
  }

  get size(): number {
    return this.tree.size;
  }

  rootAt(size: number): Uint8Array {
    return this.tree.rootAt(size);
  }

  toStore(): SealLogState {
    return { ...this.initial, ...this.current, tree: this.tree.state() };
  }

  takeFresh(): ReturnType<GrowingTree['takeFresh']> {
    return this.tree.takeFresh();
  }

  /** Folds the next event of its stream in; one that was seen is passed over. */
  take(recorded: Pick<RecordedEvent, 'revision' | 'type' | 'data'>, onSeal: OnSeal): void {
    const { revision, type, data } = recorded;
    if (revision <= this.revision) return;
    const event = wholeSealEvent(type, data);
    if (!event) throw this.broken('seals are damaged', revision + 1);
    if (revision !== this.revision + 1) throw this.broken('events are missing', revision);
    if (event.type === DELTAS_VERIFIED) this.addSeals(event, revision, onSeal);
    const head = event.type === DELTAS_VERIFIED ? this.head : event;
    this.current = { revision, head: head && { size: head.size, note: head.note } };
  }

  private addSeals(event: DeltasVerified, revision: number, onSeal: OnSeal): void {
    const { firstIndex, sealedAt, heads } = event;
    if (firstIndex !== this.size) throw this.broken('seals are missing', revision);
    for (const [reference, size, root] of heads) {
      const text = sealText({ v: 1, reference, root, sealedAt, size: String(size) });
      const index = this.size;
      this.tree.append(hashLeaf(utf8(text), this.parts.sha256));
      onSeal(reference, { index, text, size }, root);
    }
  }

  private broken(what: string, revision: number): BrokenSealLogError {
    return new BrokenSealLogError(
      `${what} before revision ${revision} of ${this.stream}; nothing of it is sealed or signed` +
        ' until the log is restored from a backup that has them',
    );
  }
}
