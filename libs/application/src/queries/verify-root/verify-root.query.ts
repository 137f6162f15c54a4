// VerifyRoot: what anyone who holds a proofRoot may know of the deltas that it commits to.
import { Query } from '@nestjs/cqrs';

/** What a root commits to; nothing in it names the customer or says what its deltas are for. */
export interface VerifiedRoot {
  readonly kind: 'verified';
  /** Deltas up to the root's, from the one after `from` on. */
  readonly deltaCount: number;
  readonly openingNano: bigint;
  readonly closingNano: bigint;
  readonly firstRecordedAt: string;
  readonly lastRecordedAt: string;
  /** First seal that covered it; undefined when it was not found. */
  readonly sealedAt: string | undefined;
  readonly sealHash: string | undefined;
}

/**
 * - unknown: no verified delta has this receiptId, or the two are not of one history in order.
 * - failed: the history that it is of is fenced, or not what was sealed.
 * - waiting: it is recorded and not sealed under a signed head yet.
 */
export type RootVerdict = VerifiedRoot | { readonly kind: 'unknown' | 'failed' | 'waiting' };

export class VerifyRootQuery extends Query<RootVerdict> {
  constructor(
    readonly proofRoot: string,
    /** receiptId of the delta before the first that counts; from the first of all if undefined. */
    readonly from: string | undefined,
  ) {
    super();
  }
}
