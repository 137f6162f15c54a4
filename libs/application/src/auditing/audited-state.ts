// What an audit knows of one customer, as plain values.
import type { Sha256, Sha256Hex } from '@deltabook/integrity';
import type { VerificationFailure } from '../ports/verification-store.port';
import type { AuditedIdentity } from './audit-report';

/** Where a replayed history stands, as plain values. */
export interface AuditedState {
  readonly identity: AuditedIdentity;
  /** Revision of the last event seen. */
  readonly revision: number;
  /** Its time, or the greatest before it, in milliseconds since the epoch. */
  readonly recordedAt: number;
  /** Deltas that recompute. */
  readonly size: number;
  /** Whether the stream says that the customer is fenced. */
  readonly fenced: boolean;
  readonly failure: VerificationFailure | undefined;
}

export interface AuditHashes {
  readonly sha256: Sha256;
  readonly sha256Hex: Sha256Hex;
}
