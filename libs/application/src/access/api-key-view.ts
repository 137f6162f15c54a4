// An API key as operators see it: never its secret, and not the hash of it either.
import type { ApiKey, Environment, Scope } from '@deltabook/domain';

export interface ApiKeyView {
  /** `key_…`. */
  readonly id: string;
  readonly name: string;
  readonly environment: Environment;
  /** `pk_test_<public id>` or `pk_live_<public id>`. */
  readonly publicKey: string;
  readonly scopes: readonly Scope[];
  /** RFC 3339 UTC. */
  readonly createdAt: string;
  readonly active: boolean;
  readonly revokedAt: string | null;
  /** Not recorded: a write for each read would be its price. */
  readonly lastUsedAt: null;
}

export function apiKeyView(key: ApiKey): ApiKeyView {
  const { keyId, name, environment, publicKey, scopes, issuedAt, revokedAt } = key;
  return {
    id: keyId,
    name,
    environment,
    publicKey,
    scopes,
    createdAt: issuedAt,
    active: revokedAt === undefined,
    revokedAt: revokedAt ?? null,
    lastUsedAt: null,
  };
}
