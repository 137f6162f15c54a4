// What an HTTP operation gets and gives; one operation a file, registered by the router.
import type { Principal } from '@deltabook/application';
import type { OperationContract } from '@deltabook/contracts';
import type { Validator, Violation } from './validation/validator';
import type { ApiError } from './api-error';
import type { TextReply } from './text-reply';

/** One authenticated, validated request. */
export interface Call<Body = unknown, Query = unknown, Params = unknown> {
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

/** Handles one operation: what it answers, or an ApiError thrown. */
export interface Operation<Body = never, Query = never, Params = never> {
  readonly contract: OperationContract;
  /** JSON text of the reply's `data`, or a reply that is written piece by piece. */
  handle(call: Call<Body, Query, Params>): Promise<string | TextReply>;
  /** Check of the body, where it is not the whole of the contract's class. */
  readonly checkBody?: Validator;
  /** The error of a body that violates its form; VALIDATION_FAILED when not given. */
  readonly bodyError?: (violation: Violation, body: unknown) => ApiError;
}
