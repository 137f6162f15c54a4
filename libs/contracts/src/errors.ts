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

  // Tenants and API keys.
  TENANT_NOT_FOUND: {
    status: 404,
    message: 'There is no tenant of this name.',
    remedy: 'See "deltabook tenants list"; "deltabook tenants create" makes one.',
  },
  TENANT_EXISTS: {
    status: 409,
    message: 'There is a tenant of this name already.',
    remedy: 'Choose another name.',
  },
  INVALID_TENANT_NAME: {
    status: 400,
    message: 'The name of the tenant is not valid.',
    remedy: 'Use 1 to 63 of a-z 0-9 . -',
  },
  INVALID_REFERENCE_KEY: {
    status: 400,
    message: 'The reference key is not valid.',
    remedy: 'Give 64 lower-case hex digits, or none for a random one.',
  },
  API_KEY_NOT_FOUND: {
    status: 404,
    message: 'The tenant has no such API key.',
    remedy: 'Name a key by its id (key_...) or its public key (pk_...).',
  },
  API_KEY_EXISTS: {
    status: 409,
    message: 'There is a key with this id already.',
    remedy: 'Choose another id, or leave it out.',
  },
  INVALID_API_KEY_NAME: {
    status: 400,
    message: 'The name of the key is not valid.',
    remedy: 'Use 1 to 100 characters, none of them a control character.',
  },
  INVALID_SCOPES: {
    status: 400,
    message: 'The scopes are not valid.',
    remedy: 'Give at least one of read, write, operate, each once.',
  },
  TOO_MANY_API_KEYS: {
    status: 409,
    message: 'The tenant has as many active keys as it may.',
    remedy: 'Revoke keys that are no longer used.',
  },
  CONTENTION: {
    status: 503,
    message: 'Other processes kept writing to the same stream.',
    remedy: 'Try again.',
  },
  STORE_UNAVAILABLE: {
    status: 503,
    message: 'The event store does not answer; what was asked for may or may not be recorded.',
    remedy: 'Look whether it is; if not, try again.',
  },
  STORE_FULL: {
    status: 503,
    message: 'The disk of the event store is full; nothing was recorded.',
    remedy: 'Make room; writes go on by themselves once there is some.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
