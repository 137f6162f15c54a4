// Where proofs come from: the log itself, what the verifier keeps behind it, and the hash functions
// of the platform.
import type { Sha256, Sha256Hex } from '@deltabook/integrity';
import type { EventStore } from '../ports/event-store.port';
import type { VerificationReads } from '../ports/verification-store.port';

export interface Hashes {
  readonly sha256: Sha256;
  readonly sha256Hex: Sha256Hex;
}

export interface ProofSources {
  readonly store: Pick<EventStore, 'readStream'>;
  readonly reads: VerificationReads;
  readonly hashes: Hashes;
}
