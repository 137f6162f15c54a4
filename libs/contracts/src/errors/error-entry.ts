// A row of the table of errors.

export interface ErrorEntry {
  readonly status: number;
  readonly message: string;
  /** What the caller can do. */
  readonly remedy: string;
  /** Set where the same request may succeed later: the default of Retry-After. */
  readonly retryAfterSeconds?: number;
}
