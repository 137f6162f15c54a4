// The largest receipt of one delta that is likely to be met: both trees with ten million leaves,
// amounts with all their digits. Nobody has to fill such a ledger: its proofs go through siblings
// that are made up, to roots that are signed.
import {
  hashLeaf,
  hashNode,
  hexOf,
  inclusionSpans,
  leafText,
  logHeadText,
  receiptFileText,
  sealText,
  utf8,
  type Leaf,
  type Sha256,
} from '@deltabook/integrity';

const LEAVES = 10_000_000;
const INDEX = 5_000_000;
const REFERENCE = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
const TIME = '2026-01-31T23:59:59.999Z';

export interface FarReceiptParts {
  /** Name of the log: `<installation>/<tenant>-<environment>`. */
  readonly origin: string;
  readonly sha256: Sha256;
  /** The signed note of a log head's text. */
  readonly noteOf: (text: string) => string;
}

/** A receipt file without private part, as the service would write it. */
export function farReceipt({ origin, sha256, noteOf }: FarReceiptParts): string {
  const leaf = largestLeaf();
  const inner = farPath(hashLeaf(utf8(leafText(leaf)), sha256), sha256);
  const seal = {
    v: 1,
    reference: REFERENCE,
    root: `0x${hexOf(inner.root)}`,
    sealedAt: TIME,
    size: String(LEAVES),
  } as const;
  const outer = farPath(hashLeaf(utf8(sealText(seal)), sha256), sha256);
  const logHead = noteOf(logHeadText({ origin, size: LEAVES, root: outer.root }));
  return receiptFileText({
    seal,
    deltas: [{ leaf }],
    treeHashes: inner.hashes,
    sealProof: { index: INDEX, hashes: outer.hashes, logHead },
  });
}

function largestLeaf(): Leaf {
  return {
    v: 1,
    reference: REFERENCE,
    sequence: String(INDEX + 1),
    delta: '-999999999.999999999',
    balance: `-${'9'.repeat(29)}.${'9'.repeat(9)}`,
    recordedAt: TIME,
    occurredAt: TIME,
    contentHash: `0x${'ab'.repeat(32)}`,
    previousProofHash: `0x${'cd'.repeat(32)}`,
  };
}

interface Path {
  readonly hashes: readonly Uint8Array[];
  readonly root: Uint8Array;
}

function farPath(leafHash: Uint8Array, sha256: Sha256): Path {
  const spans = inclusionSpans(INDEX, LEAVES);
  const hashes = spans.map(({ start }) => sha256(utf8(String(start))));
  const root = hashes.reduce((hash, sibling, at) => {
    const isLeft = (spans[at]?.start ?? 0) < INDEX;
    return isLeft ? hashNode(sibling, hash, sha256) : hashNode(hash, sibling, sha256);
  }, leafHash);
  return { hashes, root };
}
