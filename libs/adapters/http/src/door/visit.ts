// One request on its way through the door: what is known of it until it is answered.
import type { Principal } from '@deltabook/application';
import type { ErrorCode } from '@deltabook/contracts';

/** What a request takes up at the door from being let in until it is answered. */
export interface Place {
  readonly tenant: string;
  /** Bytes of body that were reserved for it. */
  readonly byteCount: number;
  /** True for what changes something: draining waits for it. */
  readonly isWrite: boolean;
}

export interface Visit {
  /** Id of the operation's contract, or the path of a page. */
  readonly operation: string;
  /** Monotonic milliseconds at which it came in. */
  readonly startedMs: number;
  /** Set once it is known who calls. */
  principal: Principal | undefined;
  /** Set once it was let in. */
  place: Place | undefined;
  code: ErrorCode | undefined;
  /** True for a stream of events, which lasts as long as its reader wants. */
  isStream: boolean;
  /** What was thrown, where that was no ApiError. */
  cause: unknown;
}

declare module 'fastify' {
  interface FastifyRequest {
    visit: Visit | null;
  }
}
