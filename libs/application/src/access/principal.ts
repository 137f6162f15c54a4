// Who calls, and the secrets that belong to a tenant.
import type { Environment, HmacHex, Scope } from '@deltabook/domain';

export { SCOPES, type Scope } from '@deltabook/domain';

/** The holder of a valid API key. */
export interface Principal {
  readonly tenant: string;
  readonly environment: Environment;
  readonly scopes: readonly Scope[];
  /** Public id of the key, `key_…`; goes into event metadata and logs. */
  readonly keyId: string;
}

/** MACs under keys of one tenant. */
export interface TenantKeys {
  /** HMAC under the reference key, for customer references. */
  readonly referenceHmac: HmacHex;
  /** HMAC under the key derived for idempotency keys and bodies. */
  readonly idempotencyHmac: HmacHex;
}

/** Tenants and their keys, in memory, current within a second of any change. */
export interface TenantDirectory {
  /** The principal of a presented `pk_…` key; undefined when it is unknown, wrong or revoked. */
  authenticate(presentedKey: string): Principal | undefined;
  keysOf(tenant: string): TenantKeys | undefined;
  /** False while tenants are still being found in the log: a key unknown now may be known soon. */
  isComplete(): boolean;
}

/** Injection token of the TenantDirectory. */
export const TENANT_DIRECTORY = Symbol('TENANT_DIRECTORY');
