// Recomputes a stored delta from its bytes alone: parsed, written again in canonical form, hashed.
// On purpose it shares no code with the writer, which splices its texts together.
import { bytesOfHex, ownText } from './bytes';
import { chainPointOf, chainProblems, type ChainPoint, type ChainProblem } from './leaf-chain';
import { leafText, type Leaf, type Sha256Hex } from './leaf';
import { canonicalObjectText, jsonOf } from './read-json';
import { leafFault } from './read-leaf';
import { readStoredDelta, type StoredDeltaText } from './stored-delta';

export type DeltaProblem =
  | ChainProblem
  /** The text is no DeltaEmitted v1 in the form in which it is written. */
  | 'UNREADABLE'
  | 'MALFORMED_LEAF'
  | 'OTHER_CUSTOMER'
  | 'CONTENT_MISMATCH'
  | 'RECEIPT_ID_MISMATCH';

export type RecomputedDelta =
  | {
      readonly ok: true;
      readonly leaf: Leaf;
      /** 32 bytes, for the customer's tree. */
      readonly leafHash: Uint8Array;
      /** What the next delta must follow. */
      readonly point: ChainPoint;
    }
  | { readonly ok: false; readonly problems: readonly DeltaProblem[] };

/** Whose delta it must be, and the delta (or CHAIN_START) that it must follow. */
export interface ExpectedDelta {
  readonly reference: string;
  readonly previous: ChainPoint;
}

const HEAD = /^\{"v":1,(?:"idempotency":\{"body":"[0-9a-f]{64}","key":"[0-9a-f]{64}"\},)?$/;

/**
 * Checks the stored text of a DeltaEmitted v1 event. Every byte of it is covered but the digits of
 * its idempotency marks, which the id of the event commits to.
 */
export function recomputeDelta(
  data: string,
  expected: ExpectedDelta,
  sha256Hex: Sha256Hex,
): RecomputedDelta {
  return recomputedAsWritten(data, expected, sha256Hex) ?? examined(data, expected, sha256Hex);
}

/** The common case, fast: undefined as soon as anything is not as it should be. */
function recomputedAsWritten(
  data: string,
  expected: ExpectedDelta,
  sha256Hex: Sha256Hex,
): RecomputedDelta | undefined {
  const stored = readStoredDelta(data);
  if (!stored || !follows(stored, expected)) return undefined;
  const { leaf, leafJson, privateJson, receiptId, balanceNano } = stored;
  const hashHex = sha256Hex(`\0${leafJson}`);
  if (!isHashOf(receiptId, hashHex)) return undefined;
  if (!isHashOf(leaf.contentHash, sha256Hex(privateJson))) return undefined;
  const sequence = expected.previous.sequence + 1;
  const recordedAt = ownTime(leaf.recordedAt);
  return whole(leaf, hashHex, { sequence, balanceNano, receiptId: `0x${hashHex}`, recordedAt });
}

/** The time kept last: all deltas of a batch share theirs. */
let keptTime = '';

/** The same time, in memory of its own. */
function ownTime(text: string): string {
  if (text !== keptTime) keptTime = ownText(text);
  return keptTime;
}

/** True for a delta of that customer that comes after the one before. */
function follows(
  { leaf, deltaNano, balanceNano }: StoredDeltaText,
  { reference, previous }: ExpectedDelta,
): boolean {
  return (
    leaf.reference === reference &&
    leaf.sequence === String(previous.sequence + 1) &&
    leaf.previousProofHash === previous.receiptId &&
    balanceNano === previous.balanceNano + deltaNano &&
    leaf.recordedAt >= previous.recordedAt
  );
}

/** Compares without making a text of its own. */
const isHashOf = (text: string, hex: string): boolean =>
  text.length === hex.length + 2 && text.startsWith('0x') && text.endsWith(hex);

function whole(leaf: Leaf, hashHex: string, point: ChainPoint): RecomputedDelta {
  return { ok: true, leaf, leafHash: bytesOfHex(hashHex) ?? new Uint8Array(0), point };
}

/** Names everything that is wrong. */
function examined(data: string, expected: ExpectedDelta, sha256Hex: Sha256Hex): RecomputedDelta {
  const stored = jsonOf(data) as StoredDelta | null | undefined;
  if (stored?.v !== 1) return { ok: false, problems: ['UNREADABLE'] };
  if (leafFault(stored.leaf)) return { ok: false, problems: ['MALFORMED_LEAF'] };
  const leaf = stored.leaf as Leaf;
  // The canonical form of a leaf without fault, since none of its values needs escaping.
  const leafJson = leafText(leaf);
  const hashHex = sha256Hex(`\0${leafJson}`);
  const delta: ReadDelta = {
    leaf,
    leafJson,
    privateJson: canonicalObjectText(stored.private) ?? '',
    receiptId: `0x${hashHex}`,
    storedReceiptId: stored.receiptId,
  };
  const problems: DeltaProblem[] = chainProblems(expected.previous, leaf);
  addOwnProblems(problems, { data, delta, reference: expected.reference, sha256Hex });
  if (problems.length > 0) return { ok: false, problems };
  return whole(leaf, hashHex, chainPointOf(leaf, delta.receiptId));
}

interface StoredDelta {
  readonly v?: unknown;
  readonly leaf?: unknown;
  readonly private?: unknown;
  readonly receiptId?: unknown;
}

interface OwnForm {
  readonly data: string;
  readonly delta: ReadDelta;
  readonly reference: string;
  readonly sha256Hex: Sha256Hex;
}

/** Adds what is wrong with a delta whatever came before it. */
function addOwnProblems(problems: DeltaProblem[], own: OwnForm): void {
  const { data, delta, reference, sha256Hex } = own;
  const { leaf, privateJson, receiptId, leafJson } = delta;
  if (leaf.reference !== reference) problems.push('OTHER_CUSTOMER');
  if (`0x${sha256Hex(privateJson)}` !== leaf.contentHash) problems.push('CONTENT_MISMATCH');
  if (delta.storedReceiptId !== receiptId) problems.push('RECEIPT_ID_MISMATCH');
  // These parts and nothing else, so that no reader of the text sees another delta.
  const end = `"receiptId":"${String(delta.storedReceiptId)}"}`;
  const tail = `"leaf":${leafJson},"private":${privateJson},${end}`;
  const isWhole = data.endsWith(tail) && HEAD.test(data.slice(0, -tail.length));
  if (!isWhole) problems.push('UNREADABLE');
}

interface ReadDelta {
  readonly leaf: Leaf;
  readonly leafJson: string;
  readonly privateJson: string;
  /** Recomputed. */
  readonly receiptId: string;
  readonly storedReceiptId: unknown;
}
