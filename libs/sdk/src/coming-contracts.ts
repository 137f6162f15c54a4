// Contracts of operations that the service does not describe yet, in the form they will have. Each
// one is deleted here as soon as libs/contracts has it.

type Instance<Shape> = new () => Shape & object;

/** A month, or dates with an exclusive end. */
export interface ScopeQuery {
  readonly period?: string;
  readonly timePreset?: 'current_month' | 'custom';
  readonly startDate?: string;
  readonly endDate?: string;
}

export interface StartingPoint {
  readonly startingBalance?: number | string;
  readonly startingCheckpoint?: string;
  readonly startingCheckpointType?: 'itemsRoot' | 'anchorId' | 'proofRoot' | 'recordId';
}

export interface CompareBody extends ScopeQuery, StartingPoint {
  readonly customerId: string;
  readonly yourBalance: number | string;
  readonly theirBalance: number | string;
}

export interface CompareReply {
  readonly neutralBalance: number;
  readonly matchesYours: boolean;
  readonly matchesTheirs: boolean;
}

export interface CompareBalances {
  readonly method: 'POST';
  readonly path: '/api/v1/balance/compare';
  readonly body: Instance<CompareBody>;
  readonly reply: Instance<CompareReply>;
}

export interface CheckpointBody {
  readonly customerId?: string;
  readonly period?: string;
}

export interface Checkpoint {
  readonly checkpointId: string;
  readonly status: string;
  readonly period: string;
  readonly proofRoot: string;
  readonly merkleRoot: string;
}

export interface CreateCheckpoint {
  readonly method: 'POST';
  readonly path: '/api/v1/balance/checkpoint';
  readonly body: Instance<CheckpointBody>;
  readonly reply: Instance<Checkpoint>;
}

export interface CheckpointListQuery extends ScopeQuery {
  readonly customerId?: string;
  readonly limit?: string;
  readonly offset?: string;
}

export interface CheckpointListReply {
  readonly checkpoints: readonly Checkpoint[];
  readonly pagination: { readonly limit: number; readonly offset: number; readonly total: number };
}

export interface ListCheckpoints {
  readonly method: 'GET';
  readonly path: '/api/v1/balance/checkpoints';
  readonly query: Instance<CheckpointListQuery>;
  readonly reply: Instance<CheckpointListReply>;
}

export interface ReceiptReply {
  readonly customerId: string;
  readonly proofRoot: string;
  readonly receiptId: string;
  readonly deltasCount: number;
  readonly finalBalance: number;
  readonly deltas: readonly object[];
  readonly verification: object;
}

export interface GetReceipt {
  readonly method: 'GET';
  readonly path: '/api/v1/balance/receipt/:customerId';
  readonly query: Instance<ScopeQuery>;
  readonly reply: Instance<ReceiptReply>;
}

export interface GapsQuery {
  readonly fromSequence?: string;
  readonly toSequence?: string;
  readonly limit?: string;
}

export interface GapsReply {
  readonly customerId: string;
  readonly gaps: readonly object[];
}

export interface ListGaps {
  readonly method: 'GET';
  readonly path: '/api/v1/balance/gaps/:customerId';
  readonly query: Instance<GapsQuery>;
  readonly reply: Instance<GapsReply>;
}

export interface VerifyQuery {
  readonly source?: 'db' | 'chain' | 'both';
}

export interface VerifyReply {
  readonly verified: boolean;
  readonly proofRoot: string;
}

export interface VerifyRoot {
  readonly method: 'GET';
  readonly path: '/api/v1/verify/:proofRoot';
  readonly query: Instance<VerifyQuery>;
  readonly reply: Instance<VerifyReply>;
}
