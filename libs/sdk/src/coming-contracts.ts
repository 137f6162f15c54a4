// Contracts of operations that the service does not describe yet, in the form they will have. Each
// one is deleted here as soon as libs/contracts has it.

type Instance<Shape> = new () => Shape & object;

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
