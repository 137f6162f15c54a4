// GET /api/v1/balance/tree/:customerId: rows of nodes of the customer's tree. Who keeps a history
// of their own finds by them, from the top down, the first delta on which it differs from ours.
import { IsArray, IsInt, IsOptional, IsString } from 'class-validator';
import { CustomerParams } from './get-customer.contract';
import { Nested } from './nested';
import type { OperationContract } from './operation-contract';
import { IsWholeNumberText } from './query-text';
import { ReadQuery } from './read-query';
import { ReceiptSeal, SealProofFields } from './receipt-proof';

/** At most 512 nodes in a reply, so that it stays below 64 KiB. */
const COUNT_MAX_EXPONENT = 3;
const LEVEL_MAX_EXPONENT = 2;
const SIZE_MAX_EXPONENT = 12;

export class TreeNodesQuery extends ReadQuery {
  /** Deltas of the tree: those that an earlier reply's seal covers. All four or none. */
  @IsOptional()
  @IsWholeNumberText(1, SIZE_MAX_EXPONENT)
  readonly size?: string;

  /** 0 are the leaves, which are the receiptIds. */
  @IsOptional()
  @IsWholeNumberText(0, LEVEL_MAX_EXPONENT)
  readonly level?: string;

  /** Number of the first node in its level, from 0. */
  @IsOptional()
  @IsWholeNumberText(0, SIZE_MAX_EXPONENT)
  readonly from?: string;

  /** At most 512. */
  @IsOptional()
  @IsWholeNumberText(1, COUNT_MAX_EXPONENT)
  readonly count?: string;
}

export class TreeNodesReply {
  @IsString()
  readonly customerId!: string;

  @IsString()
  readonly customerReference!: string;

  /** The newest head of the tree that is signed. */
  @Nested(() => ReceiptSeal)
  readonly seal!: ReceiptSeal;

  /** What proves the seal. */
  @Nested(() => SealProofFields)
  readonly sealProof!: SealProofFields;

  /** Deltas of the tree that the nodes are of. */
  @IsInt()
  readonly size!: number;

  @IsInt()
  readonly level!: number;

  @IsInt()
  readonly from!: number;

  /** `0x` + 64 hex each; the last of a level covers what leaves are left. */
  @IsArray()
  @IsString({ each: true })
  readonly nodes!: readonly string[];

  /** Everything up to this position of the log was visible. */
  @IsString()
  readonly position!: string;
}

export const GET_TREE_NODES = {
  id: 'getTreeNodes',
  method: 'GET',
  path: '/api/v1/balance/tree/:customerId',
  access: 'read',
  summary: 'Nodes of the tree over a customer’s deltas, to find where two histories part',
  successStatus: 200,
  params: CustomerParams,
  query: TreeNodesQuery,
  reply: TreeNodesReply,
  errors: [
    'INVALID_CUSTOMER_ID',
    'CUSTOMER_NOT_FOUND',
    'CUSTOMER_FENCED',
    'NOT_VERIFIED_YET',
    'HISTORY_MISMATCH',
  ],
} as const satisfies OperationContract;
