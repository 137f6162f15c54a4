// The state of one tenant: its reference key, its API keys and the checkpoints it asked for, and
// how each event changes them.
import type { Environment } from '../identity/names';
import { publicKeyOf, type Scope } from './api-key';
import {
  API_KEY_ISSUED,
  API_KEY_REVOKED,
  CHECKPOINTS_COMPLETED,
  CHECKPOINTS_REQUESTED,
  TENANT_CREATED,
  type ApiKeyIssued,
  type CheckpointsCompleted,
  type CheckpointsRequested,
  type TenantCreated,
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

/** Checkpoints for all customers, as they were asked for and, later, made. */
export interface CheckpointsRequest {
  /** Of the request in the tenant's stream: what its id is made of. */
  readonly revision: number;
  readonly requested: CheckpointsRequested;
  /** Undefined while some customers may still lack theirs. */
  readonly completed: CheckpointsCompleted | undefined;
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
      /** By the revision of the request, in their order. */
      readonly checkpoints: ReadonlyMap<number, CheckpointsRequest>;
    };

export const NO_TENANT: Tenant = { status: 'absent' };

/** A stored event with its place in the stream. */
export interface PlacedTenantEvent {
  readonly event: TenantEvent;
  readonly revision: number;
}

/**
 * Folds consecutive events into the state; never throws on readable events. Keys and requests are
 * copied once for all of them, so that folding a long history takes time linear in it.
 */
export function evolveTenant(tenant: Tenant, placed: readonly PlacedTenantEvent[]): Tenant {
  const isOpen = tenant.status === 'open';
  const keys = new Map(isOpen ? tenant.keys : []);
  const checkpoints = new Map(isOpen ? tenant.checkpoints : []);
  let evolved = tenant;
  for (const { event, revision } of placed) {
    if (event.type === TENANT_CREATED) {
      const { referenceKey, createdAt } = event;
      const opened = { tenant: event.tenant, revision, referenceKey, createdAt };
      evolved = { status: 'open', ...opened, keys, checkpoints };
    } else if (evolved.status === 'open') {
      change({ keys, checkpoints }, event, revision);
      evolved = { ...evolved, revision, keys, checkpoints };
    }
  }
  return evolved;
}

interface Changing {
  readonly keys: Map<string, ApiKey>;
  readonly checkpoints: Map<number, CheckpointsRequest>;
}

function change(
  { keys, checkpoints }: Changing,
  event: Exclude<TenantEvent, TenantCreated>,
  revision: number,
): void {
  switch (event.type) {
    case API_KEY_ISSUED:
      keys.set(event.keyId, keyOf(event));
      return;
    case API_KEY_REVOKED: {
      const key = keys.get(event.keyId);
      if (key) keys.set(event.keyId, { ...key, revokedAt: event.revokedAt });
      return;
    }
    case CHECKPOINTS_REQUESTED:
      checkpoints.set(revision, { revision, requested: event, completed: undefined });
      return;
    case CHECKPOINTS_COMPLETED: {
      const request = checkpoints.get(event.request);
      if (request) checkpoints.set(event.request, { ...request, completed: event });
      return;
    }
  }
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
