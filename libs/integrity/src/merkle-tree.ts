// The RFC 6962 tree that grows: what it keeps is one hash per complete subtree on its right
// edge, so a customer with ten million deltas costs as little to go on with as one with ten.
import { emptyRoot, HASH_BYTES, hashNode, type Sha256 } from './tree-hash';

const SIZE_BYTES = 8;

/**
 * Told of each complete node as it comes to be: `index`
 * counts the nodes of that level from the left.
 */
export type OnNode = (level: number, index: number, hash: Uint8Array) => void;

/** Room for the peaks of a new tree; enough for 255 leaves, and doubled when it is not. */
const PEAKS_ROOM_BYTES = 8 * HASH_BYTES;

/** An incremental tree in O(log n) memory. Sizes are at most 2^53 - 1. */
export class MerkleTree {
  /** Bytes of `peaks` in use. */
  private end: number;

  private constructor(
    private readonly sha256: Sha256,
    private count: number,
    /**
     * Hashes of the complete subtrees, from the left, the largest first, and room for more. In one
     * piece: those who hold thousands of trees hold one object for each, and change it in place.
     */
    private peaks: Uint8Array,
  ) {
    this.end = onesOf(count) * HASH_BYTES;
  }

  static empty(sha256: Sha256): MerkleTree {
    return new MerkleTree(sha256, 0, new Uint8Array(PEAKS_ROOM_BYTES));
  }

  /** Goes on from what `state` gave. Throws RangeError when the bytes are no such state. */
  static restore(state: Uint8Array, sha256: Sha256): MerkleTree {
    const count = state.length < SIZE_BYTES ? Number.NaN : sizeOf(state);
    const peakCount = (state.length - SIZE_BYTES) / HASH_BYTES;
    if (!Number.isSafeInteger(count) || peakCount !== onesOf(count)) {
      throw new RangeError(
        `tree state of ${String(state.length)} bytes does not fit its size; ` +
          'rebuild the tree from its leaves',
      );
    }
    return new MerkleTree(sha256, count, Uint8Array.from(state.subarray(SIZE_BYTES)));
  }

  /** Number of leaves. */
  get size(): number {
    return this.count;
  }

  /** Adds the leaf whose hash is given, and reports it and every node that it completes. */
  append(leafHash: Uint8Array, onNode?: OnNode): void {
    if (leafHash.length !== HASH_BYTES) throw new RangeError('a leaf hash has 32 bytes');
    let hash = leafHash;
    let index = this.count;
    let level = 0;
    onNode?.(level, index, hash);
    while (index % 2 === 1) {
      this.end -= HASH_BYTES;
      hash = hashNode(this.peakAt(this.end), hash, this.sha256);
      index = (index - 1) / 2;
      level += 1;
      onNode?.(level, index, hash);
    }
    this.push(hash);
    this.count += 1;
  }

  appendAll(leafHashes: Iterable<Uint8Array>, onNode?: OnNode): void {
    for (const leafHash of leafHashes) this.append(leafHash, onNode);
  }

  /** Root over all leaves so far; for no leaves the hash of nothing. */
  root(): Uint8Array {
    const root = foldPeaks(hashesOf(this.peaks.subarray(0, this.end)), this.sha256);
    // The only peak itself is a view of what changes.
    return this.end === HASH_BYTES ? root.slice() : root;
  }

  /** What `restore` takes: the size as 8 bytes big-endian, then the peaks, 32 bytes each. */
  state(): Uint8Array {
    const state = new Uint8Array(SIZE_BYTES + this.end);
    new DataView(state.buffer).setBigUint64(0, BigInt(this.count));
    state.set(this.peaks.subarray(0, this.end), SIZE_BYTES);
    return state;
  }

  private peakAt(at: number): Uint8Array {
    return this.peaks.subarray(at, at + HASH_BYTES);
  }

  private push(hash: Uint8Array): void {
    if (this.end === this.peaks.length) {
      const roomier = new Uint8Array(Math.max(PEAKS_ROOM_BYTES, 2 * this.peaks.length));
      roomier.set(this.peaks);
      this.peaks = roomier;
    }
    this.peaks.set(hash, this.end);
    this.end += HASH_BYTES;
  }
}

/** Root of the tree whose complete subtrees, from the left, have these hashes. */
export function foldPeaks(peaks: readonly Uint8Array[], sha256: Sha256): Uint8Array {
  const last = peaks.at(-1);
  if (!last) return emptyRoot(sha256);
  return peaks.slice(0, -1).reduceRight((right, left) => hashNode(left, right, sha256), last);
}

/** Cuts bytes into hashes of 32; the last one is shorter when the length is no multiple. */
export function hashesOf(bytes: Uint8Array): Uint8Array[] {
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += HASH_BYTES) {
    hashes.push(bytes.subarray(at, at + HASH_BYTES));
  }
  return hashes;
}

function sizeOf(state: Uint8Array): number {
  return Number(new DataView(state.buffer, state.byteOffset, SIZE_BYTES).getBigUint64(0));
}

/** Number of complete subtrees of a tree: the ones in its size's binary digits. */
function onesOf(count: number): number {
  let ones = 0;
  for (let rest = count; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
