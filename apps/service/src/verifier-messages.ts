// What the main thread and the verifier's thread say to each other.
import type {
  AppendOutcome,
  Position,
  RecordedEvent,
  StreamAppend,
  StreamRange,
} from '@deltabook/application/threads';

/** What the verifier's thread is told when it starts. */
export interface VerifierData {
  readonly dataDir: string;
  readonly storeId: string;
  readonly logSource: unknown;
  readonly installation: string;
  /** Private key in PEM; undefined when this process does not sign. */
  readonly signingKeyPem: string | undefined;
  /** Folder of the last signed heads. */
  readonly signedHeadsDir: string;
  /** See yieldToOtherThreads(). */
  readonly niceness: number;
  readonly roundMs: number;
  readonly retryMs: number;
  readonly customersCachedMax: number;
  readonly commitMs: number;
  readonly changedMax: number;
  readonly takenMax: number;
  readonly unknownRetriesMax: number;
  readonly unknownRetryDelayMs: number;
}

/** The thread has no event store of its own: it asks the main thread's. */
export type StoreRequest =
  | { readonly id: number; readonly kind: 'append'; readonly appends: readonly StreamAppend[] }
  | {
      readonly id: number;
      readonly kind: 'readStream';
      readonly stream: string;
      readonly range: StreamRange;
    };

export type VerifierMessage =
  | StoreRequest
  | {
      readonly kind: 'progress';
      readonly position: Position;
      readonly head: Position;
      readonly fencedCount: number;
      readonly sealedCount: number;
    }
  | {
      readonly kind: 'fenced';
      readonly stream: string;
      readonly fromSequence: number;
      readonly problems: readonly string[];
    }
  /** Answers to CommitRequest and SignRequest. */
  | { readonly kind: 'committed'; readonly id: number }
  | { readonly kind: 'signing'; readonly id: number }
  | { readonly kind: 'trouble'; readonly code: string; readonly message: string };

export interface StoreReply {
  readonly id: number;
  readonly outcomes?: readonly AppendOutcome[];
  readonly events?: readonly RecordedEvent[];
  /** Message of the error that the store threw. */
  readonly error?: string;
}

/** Asks for everything verified so far to be committed, so that it can be read. */
export interface CommitRequest {
  readonly kind: 'commit';
  readonly id: number;
}

/** Says with which key to sign from now on (PEM), or that this process does not sign. */
export interface SignRequest {
  readonly kind: 'sign';
  readonly id: number;
  readonly signingKeyPem: string | undefined;
}

export type MessageToVerifier = StoreReply | CommitRequest | SignRequest | 'close';
