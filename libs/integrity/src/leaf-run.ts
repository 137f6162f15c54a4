// A run of neighbouring leaves as they come, for proofs over more leaves than memory should hold:
// what is kept of them is one hash for each complete subtree, so O(log n).
import { rangeSpans } from './range-proof';
import { hashNode, type Sha256 } from './tree-hash';
import { splitOf, type NodePlace, type Span } from './tree-spans';

interface Node extends NodePlace {
  readonly hash: Uint8Array;
}

export class LeafRun {
  private readonly nodes: Node[] = [];
  private end: number;

  /** `start`: index (from 0) of the first leaf. */
  constructor(
    private readonly start: number,
    private readonly sha256: Sha256,
  ) {
    this.end = start;
  }

  append(leafHash: Uint8Array): void {
    let node: Node = { level: 0, index: this.end, hash: leafHash };
    this.end += 1;
    for (;;) {
      const left = this.nodes.at(-1);
      if (!left || left.level !== node.level || left.index !== node.index - 1) break;
      // Neighbours are siblings when the left one has an even number.
      if (left.index % 2 === 1) break;
      this.nodes.pop();
      const hash = hashNode(left.hash, node.hash, this.sha256);
      node = { level: node.level + 1, index: left.index / 2, hash };
    }
    this.nodes.push(node);
  }

  /**
   * Root of the tree of `size` leaves in which the run stands, with the hashes of a range proof
   * outside it. Throws RangeError when the run is empty or reaches beyond the tree.
   */
  root(size: number, outside: readonly Uint8Array[]): Uint8Array {
    const spans = rangeSpans({ start: this.start, end: this.end, size });
    if (outside.length !== spans.length) {
      throw new RangeError(`the run needs ${String(spans.length)} hashes outside it`);
    }
    const known = new Map<string, Uint8Array>();
    outside.forEach((hash, at) => known.set(keyOf(spans[at] as Span), hash));
    for (const { level, index, hash } of this.nodes) {
      known.set(keyOf({ start: index * 2 ** level, end: (index + 1) * 2 ** level }), hash);
    }
    const visit = (span: Span): Uint8Array => {
      const hash = known.get(keyOf(span));
      if (hash) return hash;
      const middle = span.start + splitOf(span.end - span.start);
      const left = visit({ start: span.start, end: middle });
      return hashNode(left, visit({ start: middle, end: span.end }), this.sha256);
    };
    return visit({ start: 0, end: size });
  }
}

const keyOf = ({ start, end }: Span): string => `${String(start)}-${String(end)}`;
