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
