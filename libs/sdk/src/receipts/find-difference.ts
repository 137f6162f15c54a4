// Finds the first delta on which a history that the caller kept differs from the service's, in a
// few requests for nodes of its tree, none of which is believed before it leads to the signed head.
import type { GET_TREE_NODES, TreeNodesReply } from '@deltabook/contracts';
import {
  bytesOfHex,
  findDifference,
  hexOf,
  MerkleTree,
  type DifferenceProof,
  type LevelRequest,
  type ReadNode,
  type TreeHead,
} from '@deltabook/integrity';
import { invalidArgument } from '../errors';
import type { QueryOf } from '../route';
import { receiptCrypto } from './receipt-crypto';
import { refused } from './receipt-refused';

const { sha256 } = receiptCrypto;
const RECEIPT_ID = /^0x[0-9a-f]{64}$/;

/** The head under which histories were compared, with what proves it. */
export type ComparedHead = Pick<TreeNodesReply, 'customerReference' | 'seal' | 'sealProof'>;

export type HistoryComparison =
  | { readonly same: true; readonly head: ComparedHead }
  | {
      readonly same: false;
      readonly head: ComparedHead;
      /** sequenceNumber of the first delta on which they differ. */
      readonly sequenceNumber: number;
      /** receiptId of the caller's delta there; undefined where that history ends before it. */
      readonly ours: string | undefined;
      /** receiptId of the service's delta there. */
      readonly theirs: string | undefined;
      /** That both share all deltas before it, and that it is where they part. */
      readonly proof: DifferenceProof;
    };

export interface ComparisonParts {
  /** Of the caller's history, in order. */
  readonly receiptIds: readonly string[];
  readonly load: (query: QueryOf<typeof GET_TREE_NODES>) => Promise<TreeNodesReply>;
  /** Rejects unless the head is signed by a trusted key. */
  readonly check: (reply: TreeNodesReply) => Promise<TreeHead>;
  readonly requestPath: string;
}

/** Rejects with ReceiptRefusedError where what the service says does not add up. */
export async function compareHistories(parts: ComparisonParts): Promise<HistoryComparison> {
  const ours = treeOf(parts.receiptIds);
  const first = await parts.load({});
  const { customerReference, seal, sealProof } = first;
  const head = { customerReference, seal, sealProof };
  const theirs = await parts.check(first);
  const fetchLevel = async (request: LevelRequest): Promise<Uint8Array[]> => {
    const reply = isRow(first, request) ? first : await parts.load({ ...request });
    return reply.nodes.map(bytesOf);
  };
  const result = await findDifference({ ours, theirs, fetchLevel, sha256 });
  if (!result.ok) throw refused(result, parts.requestPath);
  if (result.same) return { same: true, head };
  const { proof } = result;
  return {
    same: false,
    head,
    sequenceNumber: proof.index + 1,
    ours: leafOf(proof.ours),
    theirs: leafOf(proof.theirs),
    proof,
  };
}

/** The head that a reply names; whether it is signed is not looked at. */
export function headOf({ seal }: TreeNodesReply): TreeHead {
  return { size: Number(seal.size), root: bytesOf(seal.root) };
}

function isRow(reply: TreeNodesReply, { size, level, from, count }: LevelRequest): boolean {
  const { nodes } = reply;
  return (
    reply.size === size && reply.level === level && reply.from === from && nodes.length === count
  );
}

const bytesOf = (hash: string): Uint8Array => bytesOfHex(hash.slice('0x'.length)) ?? NONE;
const NONE = new Uint8Array(0);

const leafOf = ({ leaf }: DifferenceProof['ours']): string | undefined =>
  leaf && `0x${hexOf(leaf.leafHash)}`;

/** Every node of the tree over the caller's history. Throws ValidationError INVALID_ARGUMENT. */
function treeOf(receiptIds: readonly string[]): { size: number; readNode: ReadNode } {
  const nodes = new Map<string, Uint8Array>();
  const tree = MerkleTree.empty(sha256);
  for (const receiptId of receiptIds) {
    if (!RECEIPT_ID.test(receiptId)) throw invalidArgument(`"${receiptId}" is no receiptId`);
    tree.append(bytesOf(receiptId), (level, index, hash) => nodes.set(`${level}/${index}`, hash));
  }
  return {
    size: receiptIds.length,
    readNode: (level, index) => nodes.get(`${level}/${index}`) ?? NONE,
  };
}
