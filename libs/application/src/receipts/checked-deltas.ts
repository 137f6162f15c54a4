// Stored deltas on their way into a receipt. Each is recomputed from its bytes at that moment and
// compared with the leaf that was sealed, so that no receipt says what its seal does not.
import { customerStream, DELTA_EMITTED } from '@deltabook/domain';
import {
  bytesEqual,
  CHAIN_START,
  HASH_BYTES,
  leafFault,
  LeafRun,
  nanoOfText,
  recomputeDelta,
  TILE_WIDTH,
  type ChainPoint,
  type Leaf,
  type ReceiptDelta,
} from '@deltabook/integrity';
import type { RecordedEvent } from '../ports/event-store.port';
import { HistoryMismatchError } from './history-mismatch';
import type { ProofSources } from './proof-sources';
import type { SealedHistory } from './sealed-histories';

/** Events of one read: few enough that other requests get their turn in between. */
const PAGE_COUNT = 256;
const PRIVATE_MARK = ',"private":';
const END_LENGTH = ',"receiptId":"0x"}'.length + 2 * HASH_BYTES;

/** A delta whose stored bytes are the ones that were sealed. */
export interface CheckedDelta extends ReceiptDelta {
  readonly private: string;
  readonly sequence: number;
  readonly recorded: RecordedEvent;
}

/** Neighbouring deltas of one customer, by sequence from 1, both included. */
export interface DeltaRun {
  readonly history: SealedHistory;
  readonly first: number;
  readonly last: number;
  /** Revision of the first, or one before it with no delta between. */
  readonly revision: number;
  /** Hashes of the tree outside the run, from left to right. */
  readonly outside: readonly Uint8Array[];
}

/**
 * Yields the run in order, a page at a time in memory. Throws HistoryMismatchError at the first
 * delta that does not fit, or after the last when all of them do not lead to the sealed root.
 */
export async function* checkedDeltas(
  run: DeltaRun,
  sources: ProofSources,
): AsyncGenerator<CheckedDelta, void, undefined> {
  const { seal, size, root } = run.history;
  const leaves = new LeafRun(run.first - 1, sources.hashes.sha256);
  const check = new DeltaCheck(run, sources);
  let revision = run.revision;
  while (check.next <= run.last) {
    const limit = Math.min(PAGE_COUNT, run.last - check.next + 1);
    const range = { from: revision, direction: 'forwards', limit } as const;
    const page = await sources.store.readStream(customerStream(seal.reference), range);
    const end = page.at(-1);
    if (!end) throw check.mismatch('MISSING');
    revision = end.revision + 1;
    for (const recorded of page) {
      if (recorded.type !== DELTA_EMITTED) continue;
      const { delta, leafHash } = await check.take(recorded);
      leaves.append(leafHash);
      yield delta;
    }
  }
  if (bytesEqual(leaves.root(size, run.outside), root)) return;
  throw new HistoryMismatchError(seal.reference, 'the tree', 'ROOT_MISMATCH');
}

class DeltaCheck {
  /** Sequence that the next delta must have. */
  next: number;
  private previous: ChainPoint | undefined;
  private tile: { readonly index: number; readonly bytes: Uint8Array } | undefined;

  constructor(
    private readonly run: DeltaRun,
    private readonly sources: ProofSources,
  ) {
    this.next = run.first;
    this.previous = run.first === 1 ? CHAIN_START : undefined;
  }

  async take(
    recorded: RecordedEvent,
  ): Promise<{ readonly delta: CheckedDelta; readonly leafHash: Uint8Array }> {
    const { data } = recorded;
    const { reference } = this.run.history.seal;
    const previous = this.previous ?? pointBefore(data);
    const checked = recomputeDelta(data, { reference, previous }, this.sources.hashes.sha256Hex);
    if (!checked.ok) throw this.mismatch(checked.problems.join(', '));
    const { leaf, leafHash, point } = checked;
    if (point.sequence !== this.next) throw this.mismatch('SEQUENCE_MISMATCH');
    const sealed = await this.sealedLeaf(this.next - 1);
    if (!bytesEqual(leafHash, sealed)) throw this.mismatch('LEAF_MISMATCH');
    this.previous = point;
    this.next += 1;
    const start = data.indexOf(PRIVATE_MARK) + PRIVATE_MARK.length;
    const content = data.slice(start, data.length - END_LENGTH);
    return { delta: { leaf, private: content, sequence: point.sequence, recorded }, leafHash };
  }

  mismatch(what: string): HistoryMismatchError {
    return new HistoryMismatchError(this.run.history.seal.reference, `delta ${this.next}`, what);
  }

  /** Leaf hash as the verifier found it, by index from 0. */
  private async sealedLeaf(at: number): Promise<Uint8Array> {
    const index = Math.floor(at / TILE_WIDTH);
    if (this.tile?.index !== index) {
      const { customerNo } = this.run.history;
      const [bytes] = await this.sources.reads.customerTiles(customerNo, [{ level: 0, index }]);
      this.tile = { index, bytes: bytes ?? new Uint8Array(0) };
    }
    const from = (at % TILE_WIDTH) * HASH_BYTES;
    return this.tile.bytes.subarray(from, from + HASH_BYTES);
  }
}

/**
 * What the first delta of a run says of the one before it: its own link to it is checked by its
 * leaf hash. An ill-formed leaf says nothing, and fails in the check of the delta itself.
 */
function pointBefore(data: string): ChainPoint {
  const leaf = leafOf(data);
  if (!leaf) return CHAIN_START;
  const balanceNano = (nanoOfText(leaf.balance) ?? 0n) - (nanoOfText(leaf.delta) ?? 0n);
  const sequence = Number(leaf.sequence) - 1;
  return { sequence, balanceNano, receiptId: leaf.previousProofHash, recordedAt: '' };
}

function leafOf(data: string): Leaf | undefined {
  try {
    const stored = JSON.parse(data) as { readonly leaf?: unknown } | null;
    return leafFault(stored?.leaf) ? undefined : (stored?.leaf as Leaf);
  } catch {
    return undefined;
  }
}
