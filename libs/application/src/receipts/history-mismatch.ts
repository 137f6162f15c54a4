/**
 * What is stored of a customer is not what was verified and sealed. Fencing the customer is the
 * verifier's matter; whoever meets it before that proves nothing.
 */
export class HistoryMismatchError extends Error {
  readonly code = 'HISTORY_MISMATCH';

  /** `where` such as `delta 17`, `what` as the verifier names it. */
  constructor(
    readonly reference: string,
    readonly where: string,
    what: string,
  ) {
    super(`${where} of customer ${reference} is not what was sealed: ${what}`);
  }
}
