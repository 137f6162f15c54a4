// One request on its way through the door: what is known of it until it is answered.
import type { Principal } from '@deltabook/application';
import type { ErrorCode } from '@deltabook/contracts';

export interface Visit {
  /** Id of the operation's contract, or the kind of page. */
  readonly operation: string;
  /** Monotonic milliseconds at which it came in. */
  readonly startedMs: number;
  /** Set once its key is known and it was let in. */
  principal: Principal | undefined;
  /** Bytes of body that were reserved for it. */
  byteCount: number;
  code: ErrorCode | undefined;
  /** What was thrown, where that was no ApiError. */
  cause: unknown;
}

declare module 'fastify' {
  interface FastifyRequest {
    visit: Visit | null;
  }
}
