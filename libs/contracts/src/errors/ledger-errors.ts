// Errors of what is asked for: customers, deltas, keys of operations.
import type { ErrorEntry } from './error-entry';

export const LEDGER_ERRORS = {
  CUSTOMER_NOT_FOUND: {
    status: 404,
    message: 'No delta was ever emitted for this customerId.',
    remedy: 'Check customerId and the environment of the key; the first delta creates the record.',
  },
  RECORD_NOT_FOUND: {
    status: 404,
    message: 'There is no delta with this recordId.',
    remedy: 'Check recordId and the environment of the key.',
  },
  CHECKPOINT_NOT_FOUND: {
    status: 404,
    message: 'The customer has no such checkpoint, record or proof root.',
    remedy: 'Check the id and whose it is; GET /api/v1/balance/checkpoints lists checkpoints.',
  },
  PERIOD_IN_FUTURE: {
    status: 400,
    message: 'The period has not begun.',
    remedy: 'Name the current UTC month or an earlier one.',
  },
  NOTHING_TO_CHECKPOINT: {
    status: 422,
    message: 'The customer had no delta before the end of the period.',
    remedy: 'Name the month of the first delta or a later one.',
  },
  ADJUSTED_RECORD_UNKNOWN: {
    status: 422,
    message: 'The recordId in adjusts names no delta of this customer.',
    remedy: 'Name a recordId of the same customer, or a referenceId.',
  },
  IDEMPOTENCY_CONFLICT: {
    status: 409,
    message: 'The idempotency key was used before with another body.',
    remedy: 'Repeat the first body exactly, or use a new key for a new operation.',
  },
  CUSTOMER_FENCED: {
    status: 409,
    message: 'The stored history of this customer failed verification.',
    remedy: 'Ask the operator to run "deltabook audit replay"; other customers are not affected.',
  },
  NOT_VERIFIED_YET: {
    status: 409,
    message: 'What was asked for is recorded and not verified yet.',
    remedy: 'Try again after Retry-After: it is verified within a second or so.',
    retryAfterSeconds: 1,
  },
  HISTORY_MISMATCH: {
    status: 409,
    message: 'What is stored of this customer is not what was verified and sealed.',
    remedy: 'Ask the operator to run "deltabook audit replay"; other customers are not affected.',
  },
  EVENT_TOO_LARGE: {
    status: 413,
    message: 'The delta is too large to be stored.',
    remedy: 'Shorten metadata, reason or referenceId.',
  },
} as const satisfies Record<string, ErrorEntry>;
