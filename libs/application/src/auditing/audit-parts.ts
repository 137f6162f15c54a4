// What an audit works with, and what it is told to keep to.
import type { SealScope } from '@deltabook/domain';
import type { VerifierCrypto } from '@deltabook/integrity';
import type { EventStore } from '../ports/event-store.port';
import type { ServedRows } from '../ports/served-rows.port';
import type { IndexedLog } from '../ports/stream-places.port';
import type { AuditFinding } from './audit-report';
import type { AuditedState, AuditHashes } from './audited-state';
import type { RememberedHistories } from './remembered-histories';

export interface AuditParts {
  /** One that has an index of streams is asked for that too. */
  readonly log: Pick<EventStore, 'follow' | 'head'> & Partial<IndexedLog>;
  /** Undefined where no rows are served yet: then the log alone is looked at. */
  readonly rows: ServedRows | undefined;
  readonly hashes: AuditHashes;
  readonly crypto: VerifierCrypto;
  /** Signed note that is kept beside the private key, if there is one. */
  readonly keptNote: (scope: SealScope) => string | undefined;
  /** Customers whose state is in memory at once: with more the log is read several times. */
  readonly customersMax: number;
  /** What the round before has left; empty ones for an audit that takes nothing on trust. */
  readonly remembered: RememberedHistories;
  /** Findings that a report lists. */
  readonly findingsMax: number;
  /** Lets others have their turn after each batch; how long it takes is the pace of the audit. */
  readonly pace: () => Promise<void>;
  readonly signal: AbortSignal;
  /** Share that is done, 0 … 1. */
  readonly onProgress: (share: number) => void;
  readonly onFinding: (finding: AuditFinding) => void;
  /** Told of a customer as soon as its history fails. */
  readonly onFailed: (customer: AuditedState) => void;
}
