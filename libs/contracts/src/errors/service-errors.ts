// Errors of load and of the state of the service.
import type { ErrorEntry } from './error-entry';

export const SERVICE_ERRORS = {
  TOO_MANY_REQUESTS: {
    status: 429,
    message: 'More requests are in flight than the service takes.',
    remedy: 'Try again after Retry-After; a write with its Idempotency-Key.',
    retryAfterSeconds: 1,
  },
  TENANT_OVERLOADED: {
    status: 429,
    message: 'More of this tenant is in flight than its share.',
    remedy: 'Send fewer requests at once; try again after Retry-After.',
    retryAfterSeconds: 1,
  },
  CUSTOMER_OVERLOADED: {
    status: 429,
    message: 'More deltas of this customer are waiting than the service holds.',
    remedy: 'Send fewer of this customer at once; try again after Retry-After.',
    retryAfterSeconds: 1,
  },
  SERVICE_OVERLOADED: {
    status: 429,
    message: 'More deltas are waiting than the service holds.',
    remedy: 'Try again after Retry-After with the same Idempotency-Key.',
    retryAfterSeconds: 1,
  },
  TENANT_UNKNOWN: {
    status: 503,
    message: 'The tenant of this key is not known yet.',
    remedy: 'Try again after Retry-After.',
    retryAfterSeconds: 1,
  },
  CONTENTION: {
    status: 503,
    message: 'Other processes kept writing to the same stream.',
    remedy: 'Try again after Retry-After with the same Idempotency-Key.',
    retryAfterSeconds: 1,
  },
  STORE_UNAVAILABLE: {
    status: 503,
    message: 'The event store does not answer; what was asked for may or may not be.',
    remedy: 'Try again after Retry-After with the same Idempotency-Key: it counts once.',
    retryAfterSeconds: 2,
  },
  STORE_FULL: {
    status: 503,
    message: 'The disk of the event store is full; nothing was recorded.',
    remedy: 'Ask the operator for room; writes go on by themselves once there is some.',
    retryAfterSeconds: 10,
  },
  PROJECTION_BUILDING: {
    status: 503,
    message: 'The read models are being built from the log.',
    remedy: 'Try again after Retry-After; /health/ready shows the progress.',
    retryAfterSeconds: 2,
  },
  POSITION_NOT_REACHED: {
    status: 503,
    message: 'The read models have not reached minPosition.',
    remedy: 'Try again after Retry-After, or read without minPosition.',
    retryAfterSeconds: 1,
  },
  VERIFICATION_PENDING: {
    status: 503,
    message: 'Deltas that the checkpoint has to cover are not verified yet.',
    remedy: 'Try again after Retry-After.',
    retryAfterSeconds: 1,
  },
  SHUTTING_DOWN: {
    status: 503,
    message: 'The service is shutting down; nothing was recorded.',
    remedy: 'Try again after Retry-After with the same Idempotency-Key.',
    retryAfterSeconds: 2,
  },
  INTERNAL: {
    status: 500,
    message: 'Something went wrong that should not have.',
    remedy: 'Repeat a write only with its Idempotency-Key; tell the operator the requestId.',
  },
} as const satisfies Record<string, ErrorEntry>;
