// What main and query thread ask and answer.
import type {
  CustomerPage,
  CustomerPageRequest,
  CustomerRow,
  RecordedEvent,
  ScopeTotals,
} from '@deltabook/application/threads';
import type { MessagePort } from 'node:worker_threads';

export interface QueryThreadData {
  readonly file: string;
  readonly signals: SharedArrayBuffer;
  /** From the projector: RowChanges. */
  readonly changesPort: MessagePort;
  readonly customersListedMax: number;
  readonly searchMatchesCachedMax: number;
}

/** Questions by name, with what they carry and what they are answered. */
export interface Questions {
  readonly customers: {
    readonly asks: readonly string[];
    readonly answer: readonly (CustomerRow | undefined)[];
  };
  readonly keyRevisions: { readonly asks: string; readonly answer: readonly number[] };
  readonly page: { readonly asks: CustomerPageRequest; readonly answer: CustomerPage };
  readonly totals: { readonly asks: readonly [string, string]; readonly answer: ScopeTotals };
  readonly directoryEvents: {
    readonly asks: undefined;
    readonly answer: readonly RecordedEvent[];
  };
}

export type QuestionName = keyof Questions;

export type Query = {
  readonly [N in QuestionName]: {
    readonly id: number;
    readonly name: N;
    readonly asks: Questions[N]['asks'];
  };
}[QuestionName];

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
