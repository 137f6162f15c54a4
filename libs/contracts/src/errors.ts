// The one table of errors: replies, the docs page, the
// OpenAPI, CLI exit codes and SDK types come from it.

interface ErrorEntry {
  readonly status: number;
  readonly message: string;
  /** What the caller can do. */
  readonly remedy: string;
}

export const ERRORS = {
  VALIDATION_FAILED: {
    status: 400,
    message: 'The request does not have the expected form.',
    remedy: 'Correct the named field and send it again.',
  },
  CUSTOMER_NOT_FOUND: {
    status: 404,
    message: 'No delta was ever emitted for this customerId.',
    remedy: 'Check customerId and the environment of the key; the first delta creates the record.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
