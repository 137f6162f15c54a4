// What main and query thread ask and answer.
import type {
  CheckpointPage,
  CheckpointPageRequest,
  CheckpointRow,
  CustomerPageRequest,
  CustomerRow,
  ReceiptCandidate,
  RecordedEvent,
  ScopeTotals,
  SealLogState,
  VerifiedCustomer,
} from '@deltabook/application/threads';
import type { SealScope } from '@deltabook/domain';
import type { Tile } from '@deltabook/integrity';
import type { MessagePort } from 'node:worker_threads';
import type { ListedPage } from './listed-page';

export interface QueryThreadData {
  readonly file: string;
  /** What the verifier keeps: it may not be there yet. */
  readonly verificationFile: string;
  readonly storeId: string;
  readonly signals: SharedArrayBuffer;
  /** From the projector: RowChanges. */
  readonly changesPort: MessagePort;
  readonly customersListedMax: number;
  readonly searchMatchesCachedMax: number;
  readonly indexPagesCachedMax: number;
}

/** Questions to what the verifier keeps. */
export interface VerificationQuestions {
  readonly verifiedCustomer: {
    readonly asks: string;
    readonly answer: VerifiedCustomer | undefined;
  };
  readonly treeTiles: {
    /** Number of a customer's tree, or of a seal log's with a minus. */
    readonly asks: { readonly tree: number; readonly tiles: readonly Tile[] };
    readonly answer: readonly Uint8Array[];
  };
  readonly sealLog: { readonly asks: SealScope; readonly answer: SealLogState | undefined };
  readonly receiptPlaces: {
    readonly asks: string;
    readonly answer: readonly ReceiptCandidate[];
  };
}

/** Questions by name, with what they carry and what they are answered. */
export interface Questions extends VerificationQuestions {
  readonly customers: {
    readonly asks: readonly string[];
    readonly answer: readonly (CustomerRow | undefined)[];
  };
  readonly keyRevisions: { readonly asks: string; readonly answer: readonly number[] };
  readonly page: { readonly asks: CustomerPageRequest; readonly answer: ListedPage };
  readonly totals: { readonly asks: readonly [string, string]; readonly answer: ScopeTotals };
  readonly checkpointPage: {
    readonly asks: CheckpointPageRequest;
    readonly answer: CheckpointPage;
  };
  readonly periodCheckpoints: {
    readonly asks: { readonly references: readonly string[]; readonly period: string };
    readonly answer: readonly (CheckpointRow | undefined)[];
  };
  readonly directoryEvents: {
    readonly asks: undefined;
    readonly answer: readonly RecordedEvent[];
  };
}

export type QuestionName = keyof Questions;

type QueryOf<Name extends QuestionName> = {
  readonly [N in Name]: {
    readonly id: number;
    readonly name: N;
    readonly asks: Questions[N]['asks'];
  };
}[Name];

export type Query = QueryOf<QuestionName>;
export type VerificationQuery = QueryOf<keyof VerificationQuestions>;

/** Id of a reply that nobody asked for: the lists could not be filled. */
export const NO_QUERY = 0;

export interface QueryReply {
  readonly id: number;
  readonly answer?: Questions[QuestionName]['answer'];
  readonly error?: QueryFailure;
}

export interface QueryFailure {
  readonly message: string;
  /** Code of the error, or undefined. */
  readonly code: string | undefined;
  /** SQLite's result code when the database answered with one. */
  readonly sqliteCode: number | undefined;
}
