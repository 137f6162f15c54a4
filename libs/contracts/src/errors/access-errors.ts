// Errors of tenants and their API keys.
import type { ErrorEntry } from './error-entry';

export const ACCESS_ERRORS = {
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
} as const satisfies Record<string, ErrorEntry>;
