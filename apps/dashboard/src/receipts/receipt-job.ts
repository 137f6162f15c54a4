// What the page asks its receipt worker, and what that answers.
import type { ReceiptOptions, VerifiedReceipt } from '@deltabook/sdk';
import type { Session } from '../session/session-client';

/** A receipt to be fetched and checked, or the text of one that the reader has. */
export type ReceiptQuestion =
  | { readonly kind: 'fetch'; readonly customerId: string; readonly options: ReceiptOptions }
  | { readonly kind: 'file'; readonly text: string };

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
  /** The file, to be kept as it is. */
  readonly text: string;
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
