// What an HTTP operation gets and gives; one operation a file, registered by the router.
import type { Principal } from '@deltabook/application';
import type { OperationContract } from '@deltabook/contracts';

/** One authenticated, validated request. */
export interface Call<Body = unknown, Query = unknown, Params = unknown> {
  /** Present unless the contract is public. */
  readonly principal: Principal;
  readonly body: Body;
  readonly query: Query;
  readonly params: Params;
  /** Header Idempotency-Key, validated: 1–255 printable ASCII. */
  readonly idempotencyKey: string | undefined;
  readonly correlationId: string;
  /** Milliseconds since the epoch at which the request arrived. */
  readonly now: number;
}

/** Handles one operation: returns `data` of the success envelope or throws an ApiError. */
export interface Operation {
  readonly contract: OperationContract;
  handle(call: Call): Promise<object>;
}

/** Injection token of all operations (an array). */
export const OPERATIONS = Symbol('OPERATIONS');
