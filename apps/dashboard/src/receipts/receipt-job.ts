// What the page asks its receipt worker, and what that answers.
import type { ReceiptOptions, VerifiedReceipt } from '@deltabook/sdk';
import type { Session } from '../session/session-client';

/** A receipt to be fetched and checked, or the file of one that the reader has. */
export type ReceiptQuestion =
  | { readonly kind: 'fetch'; readonly customerId: string; readonly options: ReceiptOptions }
  | { readonly kind: 'file'; readonly file: Blob };

export interface ReceiptJob {
  readonly session: Session;
  readonly baseUrl: string;
  /** Public keys as this browser saw them first; a worker cannot read them itself. */
  readonly pins: readonly string[];
  readonly question: ReceiptQuestion;
}

/** What the check proved, without the deltas between the first and the last: they may be many. */
export interface ProvenFacts extends Pick<VerifiedReceipt, 'seal' | 'logHead' | 'period'> {
  readonly deltaCount: number;
  readonly first: VerifiedReceipt['deltas'][number] | undefined;
  readonly last: VerifiedReceipt['deltas'][number] | undefined;
}

export interface CheckedReceipt {
  /** To be kept as it is; no text, which would be copied while the page waits. */
  readonly file: Blob;
  readonly proven: ProvenFacts;
}

export type ReceiptAnswer =
  | { readonly kind: 'pinned'; readonly publicKeys: readonly string[] }
  | { readonly kind: 'checked'; readonly receipt: CheckedReceipt }
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly isRefused: boolean;
      /** Absent where the failure is none of the SDK's. */
      readonly code: string | undefined;
    };
