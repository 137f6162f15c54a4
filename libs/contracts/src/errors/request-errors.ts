// Errors of the request itself: its form, its key, its size.
import type { ErrorEntry } from './error-entry';

export const REQUEST_ERRORS = {
  VALIDATION_FAILED: {
    status: 400,
    message: 'The request does not have the expected form.',
    remedy: 'Correct the named field and send it again.',
  },
  INVALID_JSON: {
    status: 400,
    message: 'The body is not JSON.',
    remedy: 'Send one JSON object in UTF-8, without members named __proto__.',
  },
  INVALID_SCOPE_COMBINATION: {
    status: 400,
    message: 'The scope contradicts itself.',
    remedy:
      'Name one scope: period, or timePreset current_month, or startDate and endDate; and none ' +
      'beside a startingCheckpoint.',
  },
  INVALID_CUSTOMER_ID: {
    status: 400,
    message: 'The customerId is not valid.',
    remedy: 'Use 1 to 128 of A-Z a-z 0-9 . _ : - other than ".", ".." and "summary".',
  },
  INVALID_AMOUNT: {
    status: 400,
    message: 'The amount is not valid.',
    remedy:
      'Send a non-zero decimal of at most 9 fraction digits and 1,000,000,000 either way; as a ' +
      'string where it has more than 15 significant digits.',
  },
  INVALID_IDEMPOTENCY_KEY: {
    status: 400,
    message: 'The Idempotency-Key is not valid.',
    remedy: 'Use 1 to 255 printable ASCII characters.',
  },
  INVALID_URL: {
    status: 400,
    message: 'The path is not a valid URL path.',
    remedy: 'Percent-encode each id as UTF-8.',
  },
  MALFORMED_REQUEST: {
    status: 400,
    message: 'The request is not valid HTTP.',
    remedy: 'Send HTTP/1.1 requests.',
  },
  REQUEST_INCOMPLETE: {
    status: 400,
    message: 'The request ended before its body did.',
    remedy: 'Send it again with the Content-Length of its body.',
  },
  MISSING_API_KEY: {
    status: 401,
    message: 'The request has no API key.',
    remedy: 'Send the header X-Api-Key.',
  },
  MALFORMED_API_KEY: {
    status: 401,
    message: 'The API key does not have the form of one.',
    remedy: 'Send the whole key, pk_test_<id>.<secret> or pk_live_<id>.<secret>.',
  },
  SESSION_ENDED: {
    status: 401,
    message: 'There is no signed-in session of this environment.',
    remedy: 'Sign in again.',
  },
  CROSS_SITE_REQUEST: {
    status: 403,
    message: 'The request does not come from a page of this service.',
    remedy: 'Send X-Api-Key instead of a session, or use the dashboard.',
  },
  INVALID_API_KEY: {
    status: 401,
    message: 'The API key is unknown, wrong or revoked.',
    remedy: 'Check the key, or create one with "deltabook keys create".',
  },
  FORBIDDEN: {
    status: 403,
    message: 'The API key does not have the scope for this.',
    remedy: 'Use a key with the named scope.',
  },
  NOT_FOUND: {
    status: 404,
    message: 'There is nothing at this path.',
    remedy: 'See /docs for every operation.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: 'This path does not take the method.',
    remedy: 'Use one of the methods in the header Allow.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    message: 'The request did not arrive in time.',
    remedy: 'Send it again; a write with its Idempotency-Key.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    message: 'The body is too large.',
    remedy: 'Send at most 64 KiB, in a batch 4 MiB.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    message: 'The body is not sent as JSON.',
    remedy: 'Send the header Content-Type: application/json.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    message: 'The headers are too large.',
    remedy: 'Send fewer or shorter headers.',
  },
} as const satisfies Record<string, ErrorEntry>;
