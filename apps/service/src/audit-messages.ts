// What the main thread and the auditor's thread say to each other.
import type { AuditFinding, AuditReport, CustomerAudit } from '@deltabook/application/threads';
import type { StoreReply, StoreRequest } from './verifier-messages';

/** What the auditor's thread is told when it starts. */
export interface AuditorData {
  readonly dataDir: string;
  readonly storeId: string;
  readonly logSource: unknown;
  /** Folder of the last signed heads. */
  readonly signedHeadsDir: string;
  readonly customersMax: number;
  readonly findingsMax: number;
  /** See yieldToOtherThreads(). */
  readonly niceness: number;
  readonly roundMs: number;
  readonly retryMs: number;
  readonly busyPercent: number;
  readonly idlePercent: number;
  /** One Int32: how busy the main thread is, in percent. */
  readonly load: SharedArrayBuffer;
  readonly unknownRetriesMax: number;
  readonly unknownRetryDelayMs: number;
}

/** An audit that an operator asks for: of one customer by its reference's hex digits, or of all. */
export interface AuditRequest {
  readonly kind: 'audit';
  readonly id: number;
  readonly referenceHex: string | undefined;
}

export type MessageToAuditor =
  | { readonly kind: 'store'; readonly reply: StoreReply }
  | AuditRequest
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'close' };

/** A round of the continuous check, finished. */
export interface AuditRound {
  readonly report: AuditReport;
  /** Milliseconds since the epoch at which it ended, and how long it took. */
  readonly at: number;
  readonly tookMs: number;
}

export type AuditorMessage =
  | StoreRequest
  | { readonly kind: 'share'; readonly id: number; readonly share: number }
  | { readonly kind: 'audited'; readonly id: number; readonly audit: CustomerAudit }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'finding'; readonly finding: AuditFinding }
  | { readonly kind: 'round'; readonly round: AuditRound }
  | {
      readonly kind: 'fenced';
      readonly stream: string;
      readonly fromSequence: number;
      readonly problems: readonly string[];
    }
  | { readonly kind: 'trouble'; readonly message: string };
