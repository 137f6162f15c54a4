// The state of one tenant: its reference key and its API keys, and how each event changes them.
import type { Environment } from '../identity/names';
import { publicKeyOf, type Scope } from './api-key';
import {
  API_KEY_ISSUED,
  TENANT_CREATED,
  type ApiKeyIssued,
  type ApiKeyRevoked,
  type TenantEvent,
} from './tenant-events';

export interface ApiKey {
  readonly keyId: string;
  /** `pk_test_<public id>` or `pk_live_<public id>`. */
  readonly publicKey: string;
  readonly environment: Environment;
  readonly scopes: readonly Scope[];
  readonly name: string;
  readonly secretHash: string;
  readonly issuedAt: string;
  /** Undefined while the key is active. */
  readonly revokedAt: string | undefined;
}

export type Tenant =
  | { readonly status: 'absent' }
  | {
      readonly status: 'open';
      readonly tenant: string;
      /** Revision of the last event of the stream. */
      readonly revision: number;
      readonly referenceKey: string;
      readonly createdAt: string;
      /** By key id, in order of issue; revoked ones stay. */
      readonly keys: ReadonlyMap<string, ApiKey>;
    };

export const NO_TENANT: Tenant = { status: 'absent' };

/** A stored event with its place in the stream. */
export interface PlacedTenantEvent {
  readonly event: TenantEvent;
  readonly revision: number;
}

/**
 * Folds consecutive events into the state; never throws on readable events. The keys are copied
 * once for all of them, so that folding a long history takes time linear in it.
 */
export function evolveTenant(tenant: Tenant, placed: readonly PlacedTenantEvent[]): Tenant {
  const keys = new Map(tenant.status === 'open' ? tenant.keys : []);
  let evolved = tenant;
  for (const { event, revision } of placed) {
    if (event.type === TENANT_CREATED) {
      const { referenceKey, createdAt } = event;
      evolved = { status: 'open', tenant: event.tenant, revision, referenceKey, createdAt, keys };
    } else if (evolved.status === 'open') {
      changeKeys(keys, event);
      evolved = { ...evolved, revision, keys };
    }
  }
  return evolved;
}

function changeKeys(keys: Map<string, ApiKey>, event: ApiKeyIssued | ApiKeyRevoked): void {
  if (event.type === API_KEY_ISSUED) {
    keys.set(event.keyId, keyOf(event));
    return;
  }
  const key = keys.get(event.keyId);
  if (key) keys.set(event.keyId, { ...key, revokedAt: event.revokedAt });
}

function keyOf(event: ApiKeyIssued): ApiKey {
  const { keyId, publicId, environment, scopes, name, secretHash, issuedAt } = event;
  const publicKey = publicKeyOf(environment, publicId);
  return {
    keyId,
    publicKey,
    environment,
    scopes,
    name,
    secretHash,
    issuedAt,
    revokedAt: undefined,
  };
}
